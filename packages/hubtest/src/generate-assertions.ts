import type { NodeResult } from '@tocsin/engine'
import type { Event, TextDict } from '@tocsin/model'

/** Texts for assertion files that have none yet. */
export type GeneratedAssertions = Partial<Record<'parser.assert' | 'scenario.assert', string>>

type Results = ReadonlyMap<string, ReadonlyMap<string, readonly unknown[]>>

/** Assertions that hold for what happened, in the order in which such files are kept. */
export function generateAssertions(
  file: 'parser.assert' | 'scenario.assert',
  nodes: Results,
  overflows: readonly Event[],
): string {
  const lines = file === 'parser.assert' ? [...parserLines(nodes)] : [...scenarioLines(overflows)]
  return `${lines.join('\n')}\n`
}

function* parserLines(results: Results): Generator<string> {
  yield `len(results) == ${results.size}`
  for (const stage of [...results.keys()].sort()) {
    const nodes = results.get(stage)
    for (const name of [...(nodes?.keys() ?? [])].sort()) {
      const list = nodes?.get(name) ?? []
      const path = `results[${quote(stage)}][${quote(name)}]`
      yield `len(${path}) == ${list.length}`
      for (const [index, result] of list.entries()) {
        yield* nodeLines(`${path}[${index}]`, result as NodeResult)
      }
    }
  }
}

function* nodeLines(path: string, { event, isSuccess }: NodeResult): Generator<string> {
  yield `${path}.Success == ${isSuccess}`
  if (!isSuccess) return
  yield* dictLines(`${path}.Evt.Parsed`, event.parsed)
  yield* dictLines(`${path}.Evt.Meta`, event.meta)
  yield* dictLines(`${path}.Evt.Enriched`, event.enriched)
  yield* dataLines(`${path}.Evt.Unmarshaled`, event.unmarshaled)
  yield `${path}.Evt.Whitelisted == ${event.isWhitelisted}`
  if (event.whitelistReason !== '') {
    yield `${path}.Evt.WhitelistReason == ${quote(event.whitelistReason)}`
  }
}

function* dictLines(path: string, dict: TextDict): Generator<string> {
  for (const key of Object.keys(dict).sort()) {
    const value = dict[key] ?? ''
    if (value === '') continue
    const member = `${path}[${quote(key)}]`
    if (key === 'datasource_path') {
      yield `basename(${member}) == ${quote(value.slice(value.lastIndexOf('/') + 1))}`
    } else {
      yield `${member} == ${quote(value)}`
    }
  }
}

function* dataLines(path: string, data: unknown): Generator<string> {
  if (typeof data === 'string') yield `${path} == ${quote(data)}`
  else if (typeof data === 'boolean') yield `${path} == ${data}`
  else if (typeof data === 'number') {
    yield Number.isInteger(data)
      ? `${path} == ${data}`
      : `FloatApproxEqual(${path}, ${data.toFixed(6)})`
  } else if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    const dict = data as Readonly<Record<string, unknown>>
    for (const key of Object.keys(dict).sort()) {
      yield* dataLines(`${path}[${quote(key)}]`, dict[key])
    }
  }
}

function* scenarioLines(overflows: readonly Event[]): Generator<string> {
  yield `len(results) == ${overflows.length}`
  for (const [index, { overflow }] of overflows.entries()) {
    const path = `results[${index}].Overflow`
    for (const [key, source] of overflow?.sources ?? []) {
      const member = `${path}.Sources[${quote(key)}]`
      yield `${quote(key)} in ${path}.GetSources()`
      yield `${member}.IP == ${quote(source.ip)}`
      yield `${member}.Range == ${quote(source.range)}`
      yield `${member}.GetScope() == ${quote(source.scope)}`
      yield `${member}.GetValue() == ${quote(source.value)}`
    }
    const alert = overflow?.alert
    if (!alert) continue
    for (const [at, event] of alert.events.entries()) {
      for (const { key, value } of event.meta) {
        const member = `${path}.Alert.Events[${at}].GetMeta(${quote(key)})`
        const isPath = key === 'datasource_path'
        yield isPath
          ? `basename(${member}) == ${quote(value.slice(value.lastIndexOf('/') + 1))}`
          : `${member} == ${quote(value)}`
      }
    }
    yield `${path}.Alert.GetScenario() == ${quote(alert.scenario)}`
    yield `${path}.Alert.Remediation == ${alert.hasRemediation}`
    yield `${path}.Alert.GetEventsCount() == ${alert.eventsCount}`
  }
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
