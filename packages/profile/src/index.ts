export {
  type ApplyOptions,
  applyProfiles,
  type ProfileFault,
  type ProfileOutcome,
} from './apply-profiles.ts'
export type {
  DecisionTemplate,
  ErrorAction,
  FailureAction,
  Profile,
  SuccessAction,
} from './profile.ts'
export { defaultProfiles, readProfiles } from './read-profiles.ts'
