import {
  ContextSet,
  type DataFile,
  lintScenarios,
  readDataFiles,
  readScenarios,
  type Scenario,
} from '@tocsin/bucket'
import type { Problems } from '@tocsin/diagnostic'
import { PatternLibrary } from '@tocsin/grok'
import {
  conditionEnvironment,
  contextEnvironment,
  emptyRequest,
  eventEnvironment,
  type Functions,
  overflowFilterEnvironment,
} from '@tocsin/helpers'
import type { RuleItem } from '@tocsin/hub'
import { type Clock, createDataDict } from '@tocsin/model'
import {
  type Enricher,
  type ParserContext,
  type ParserNode,
  readParserFile,
  Stages,
  type StashSettings,
  type StashWriter,
} from '@tocsin/parser'
import { readYaml } from '@tocsin/yaml'
import type { RuleFailureCounts } from './rule-failure-counts.ts'

/** Rules, read and compiled; nothing of them runs yet. */
export interface RuleSet {
  readonly parsers: Stages
  readonly postoverflows: Stages
  readonly scenarios: readonly Scenario[]
  readonly contexts: ContextSet
  /** The data files that the rules read, each once. */
  readonly dataFiles: readonly DataFile[]
}

/** What rules are compiled against. */
export interface RuleParts {
  readonly functions: Functions
  readonly enrichers: ReadonlyMap<string, Enricher>
  readonly createStash: (settings: StashSettings) => StashWriter
  readonly failures: RuleFailureCounts
  /** What `now()` reads. */
  readonly clock: Clock
  readonly isSimulated?: (scenario: string) => boolean
  /** As the peer does: a postoverflow stage that took nothing hides the stages after it. */
  readonly stopsAtFailedStage?: boolean
}

/** Compiles items, given in loading order. What is wrong is reported; the rest is there. */
export function loadRules(
  items: readonly RuleItem[],
  parts: RuleParts,
  problems: Problems,
): RuleSet {
  return new RuleLoader(parts, problems).load(items)
}

class RuleLoader {
  readonly #parts: RuleParts
  readonly #problems: Problems
  readonly #dataFiles = new Map<string, DataFile>()
  readonly #parserNodes: ParserNode[] = []
  readonly #postoverflowNodes: ParserNode[] = []
  readonly #scenarios: Scenario[] = []
  readonly #contexts: ContextSet

  constructor(parts: RuleParts, problems: Problems) {
    this.#parts = parts
    this.#problems = problems
    // Outside of requests there is neither a matched rule nor a request to tell of.
    const others = { match: createDataDict(), req: emptyRequest }
    this.#contexts = new ContextSet(contextEnvironment(parts.functions, parts.clock), others)
  }

  load(items: readonly RuleItem[]): RuleSet {
    // Parsers and postoverflows each share one pattern library, as their files expect.
    const parserContext = this.#parserContext(PatternLibrary.base())
    const postoverflowContext = this.#parserContext(PatternLibrary.base())
    for (const item of items) {
      switch (item.kind) {
        case 'parser':
          this.#parserNodes.push(...readParserFile(item.source, item.stage, parserContext))
          break
        case 'postoverflow':
          this.#postoverflowNodes.push(
            ...readParserFile(item.source, item.stage, postoverflowContext),
          )
          break
        case 'scenario':
          this.#addScenarios(item)
          break
        case 'context':
          this.#addContext(item)
          break
        case 'collection':
          // Names of other items; whoever listed the items has followed them.
          break
      }
    }
    lintScenarios(this.#scenarios, this.#problems)
    const onFailure = this.#parts.failures.note
    const skipsFailedStages = !this.#parts.stopsAtFailedStage
    return {
      parsers: new Stages(this.#parserNodes, onFailure),
      postoverflows: new Stages(this.#postoverflowNodes, onFailure, { skipsFailedStages }),
      scenarios: this.#scenarios,
      contexts: this.#contexts,
      dataFiles: [...this.#dataFiles.values()],
    }
  }

  #parserContext(patterns: PatternLibrary): ParserContext {
    const { functions, clock, enrichers, createStash, failures } = this.#parts
    return {
      environment: eventEnvironment(functions, clock),
      patterns,
      enrichers,
      createStash,
      onData: (entries) => this.#addDataFiles(readDataFiles(entries, this.#problems)),
      onFailure: failures.note,
      problems: this.#problems,
    }
  }

  #addScenarios(item: RuleItem): void {
    const { functions, clock, isSimulated } = this.#parts
    const environments = {
      event: eventEnvironment(functions, clock),
      condition: conditionEnvironment(functions, clock),
      overflowFilter: overflowFilterEnvironment(functions, clock),
    }
    const documents = readYaml(item.source, this.#problems)
    const scenarios = readScenarios(documents, environments, this.#problems, {
      version: item.version,
      hash: item.hash,
      ...(isSimulated ? { isSimulated } : {}),
    })
    for (const scenario of scenarios) this.#addDataFiles(scenario.data)
    this.#scenarios.push(...scenarios)
  }

  #addContext(item: RuleItem): void {
    for (const document of readYaml(item.source, this.#problems)) {
      this.#contexts.add(document, 'item', this.#problems)
    }
  }

  #addDataFiles(files: readonly DataFile[]): void {
    for (const file of files) {
      const key = `${file.type}\0${file.destFile}`
      if (!this.#dataFiles.has(key)) this.#dataFiles.set(key, file)
    }
  }
}
