import { todo } from '@sse-from-scratch/course'
import type { NginxConf, StreamHeaders, WhatHolds } from './contract.ts'

export const whatHolds: WhatHolds = (_seen) => todo('4.1 whatHolds')

export const headers: StreamHeaders = () => todo('4.1 headers')

export const nginxConf: NginxConf = () => todo('4.1 nginxConf')
