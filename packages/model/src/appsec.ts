import { createTextDict, type DataDict, type TextDict } from './dict.ts'

/** What request rules found in a request: `evt.Appsec`. */
export interface AppsecFindings {
  readonly hasInBandMatches: boolean
  readonly hasOutBandMatches: boolean
  /** One dictionary per matched rule: `{ id: 942100, name: 'sqli', tags: […], … }`. */
  readonly matchedRules: readonly DataDict[]
  readonly vars: TextDict
  readonly hookVars: TextDict
}

/** The findings of every event that is no request; rules may ask it and find nothing. */
export const noAppsecFindings: AppsecFindings = Object.freeze({
  hasInBandMatches: false,
  hasOutBandMatches: false,
  matchedRules: Object.freeze([]),
  vars: Object.freeze(createTextDict()),
  hookVars: Object.freeze(createTextDict()),
})
