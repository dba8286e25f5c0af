export { type Log, type LogFields, silentLog } from './log.ts'
