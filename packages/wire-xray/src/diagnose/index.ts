export { type DiagnoseOptions, diagnose } from './diagnose.ts'
export type { Diagnosis, DiagnosisCode, Evidence } from './diagnosis.ts'
export type { Hop, Product } from './hop-of.ts'
