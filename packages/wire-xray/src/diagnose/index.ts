export { type DiagnoseOptions, diagnose, diagnoseAll } from './diagnose.ts'
export { diagnoseHop } from './diagnose-hop.ts'
export type { Diagnosis, DiagnosisCode, Evidence } from './diagnosis.ts'
