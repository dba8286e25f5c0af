import { type Event, eventKind } from '@tocsin/model'
import { overflowType } from './alert-type.ts'
import { appsecType } from './appsec-type.ts'
import type { Members } from './types.ts'
import {
  bool,
  dictOf,
  field,
  int,
  method,
  mutator,
  string,
  strings,
  struct,
  time,
  unknown,
} from './types.ts'

const lineType = struct('Line', () => ({
  Raw: field('raw', string),
  Src: field('source', string),
  Time: field('readAt', time),
  Labels: field('labels', dictOf(string)),
  Module: field('module', string),
}))

/** `evt`: an event on its way through parsers, scenarios or postoverflows. */
export const eventType = struct('Event', eventMembers)

/** `evt` where it may be absent: reading a member of nil is an error when the expression runs. */
export const absentEventType = struct('Event', eventMembers, true)

function eventMembers(): Members {
  return {
    Type: field('kind', int),
    ExpectMode: field('mode', int),
    Whitelisted: field('isWhitelisted', bool),
    WhitelistReason: field('whitelistReason', string),
    Stage: field('stage', string),
    Line: field('line', lineType),
    Parsed: field('parsed', dictOf(string)),
    Enriched: field('enriched', dictOf(string)),
    Unmarshaled: field('unmarshaled', dictOf(unknown)),
    Overflow: field('overflow', overflowType),
    Time: field('time', time),
    StrTime: field('strTime', string),
    StrTimeFormat: field('strTimeFormat', string),
    MarshaledTime: field('marshaledTime', string),
    Process: field('isProcessed', bool),
    Appsec: field('appsec', appsecType),
    Meta: field('meta', dictOf(string)),
    GetMeta: method([string], string, getMeta),
    GetType: method([], string, getType),
    SetMeta: mutator([string, string], bool, setMeta),
    SetParsed: mutator([string, string], bool, setParsed),
    ParseIPSources: method([], strings, listSources),
  }
}

/** Of an overflow, the first value that is not empty among the events of its alerts. */
function getMeta(event: Event, key: string): string {
  if (event.kind === eventKind.log) return event.meta[key] ?? ''
  for (const alert of event.overflow?.alerts ?? []) {
    for (const { meta } of alert.events) {
      for (const item of meta) if (item.key === key && item.value !== '') return item.value
    }
  }
  return ''
}

function getType(event: Event): string {
  if (event.kind === eventKind.log) return 'log'
  return event.kind === eventKind.overflow ? 'overflow' : 'unknown'
}

function setMeta(event: Event, key: string, value: string): boolean {
  event.meta[key] = value
  return true
}

function setParsed(event: Event, key: string, value: string): boolean {
  event.parsed[key] = value
  return true
}

function listSources(event: Event): string[] {
  if (event.kind === eventKind.overflow) return [...(event.overflow?.sources.keys() ?? [])]
  const source = event.kind === eventKind.log ? event.meta.source_ip : undefined
  return source === undefined ? [] : [source]
}
