export { IpsetEnforcer, type IpsetOptions } from './ipset-enforcer.ts'
export { longestBase } from './ipset-names.ts'
export type { IptablesOptions } from './iptables-rules.ts'
export { type Hook, hooks, NftLayout, type NftLayoutOptions } from './nft-layout.ts'
export { NftablesEnforcer, type NftablesOptions } from './nftables-enforcer.ts'
export { PfEnforcer, type PfOptions } from './pf-enforcer.ts'
export {
  createProgramRunner,
  type ProgramRunnerOptions,
  type Ran,
  type RunProgram,
} from './run-program.ts'
