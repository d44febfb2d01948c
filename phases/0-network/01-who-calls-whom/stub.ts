import { todo } from '@sse-from-scratch/course'
import type { DescribeConnection } from './contract.ts'

export const describeConnection: DescribeConnection = (_socket, _side) => todo('0.1 describeConnection')
