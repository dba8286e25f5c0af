export { type Hook, hooks, NftLayout, type NftLayoutOptions } from './nft-layout.ts'
export { NftablesEnforcer, type NftablesOptions } from './nftables-enforcer.ts'
export {
  createProgramRunner,
  type ProgramRunnerOptions,
  type Ran,
  type RunProgram,
} from './run-program.ts'
