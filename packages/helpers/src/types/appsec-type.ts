import type { AppsecFindings, DataDict } from '@tocsin/model'
import type { Members } from './types.ts'
import { bool, dictOf, field, int, listOf, method, string, strings, struct } from './types.ts'

type Rules = readonly DataDict[]

/** `evt.Appsec`; the methods of its matched rules may be called on it too. */
export const appsecType = struct('Appsec', () => ({
  HasInBandMatches: field('hasInBandMatches', bool),
  HasOutBandMatches: field('hasOutBandMatches', bool),
  MatchedRules: field('matchedRules', matchedRulesType),
  Vars: field('vars', dictOf(string)),
  HookVars: field('hookVars', dictOf(string)),
  GetVar: method([string], string, (from: AppsecFindings, name: string) => from.vars[name] ?? ''),
  ...ruleMembers((from: AppsecFindings) => from.matchedRules),
}))

const matchedRulesType = struct('MatchedRules', () => ruleMembers((rules: Rules) => rules))

const highestSeverity = 255

function ruleMembers<Receiver>(rulesOf: (receiver: Receiver) => Rules): Members {
  const first = (key: string) =>
    method([], string, (from: Receiver) => textOf(rulesOf(from)[0]?.[key]))
  const every = (key: string) =>
    method([], strings, (from: Receiver) => rulesOf(from).map((rule) => textOf(rule[key])))
  const keep = (parameter: typeof string, fits: (rule: DataDict, wanted: unknown) => boolean) =>
    method([parameter], matchedRulesType, (from: Receiver, wanted: unknown) =>
      rulesOf(from).filter((rule) => fits(rule, wanted)),
    )
  return {
    GetField: method([string], string, (from: Receiver, key: string) =>
      textOf(rulesOf(from)[0]?.[key]),
    ),
    GetURI: first('uri'),
    GetHash: first('hash'),
    GetVersion: first('version'),
    GetName: first('name'),
    GetMethod: first('method'),
    GetNames: every('name'),
    Kinds: every('kind'),
    GetRuleIDs: method([], listOf(int), (from: Receiver) => rulesOf(from).map((rule) => rule.id)),
    GetMatchedZones: method([], strings, (from: Receiver) => matchedZones(rulesOf(from))),
    GetHighestSeverity: method([], int, (from: Receiver) => severityOf(rulesOf(from))),
    ByID: keep(int, (rule, id) => rule.id === id),
    ByKind: keep(string, (rule, kind) => rule.kind === kind),
    BySeverity: keep(string, (rule, severity) => rule.severity === severity),
    ByAccuracy: keep(string, (rule, accuracy) => rule.accuracy === accuracy),
    ByDisruptiveness: keep(bool, (rule, disruptive) => rule.disruptive === disruptive),
    ByTag: keep(string, (rule, tag) => listIn(rule.tags).includes(tag)),
    ByTags: keep(strings, (rule, tags) =>
      listIn(tags).some((tag) => listIn(rule.tags).includes(tag)),
    ),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function matchedZones(rules: Rules): unknown[] {
  return [...new Set(rules.flatMap((rule) => listIn(rule.matched_zones)))]
}

/** The lowest number is the most severe; 255 when no rule has one. */
function severityOf(rules: Rules): number {
  let lowest = highestSeverity
  for (const { severity_int: severity } of rules) {
    if (typeof severity === 'number' && severity < lowest) lowest = severity
  }
  return lowest
}
