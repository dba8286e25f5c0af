import { SourceText } from '@tocsin/diagnostic'
import type { RuleItem } from '@tocsin/hub'
import { toData, type YamlMap } from '@tocsin/yaml'
import type { TestCase } from './test-case.ts'

/** The parser that a test's `override_statics` stand for: it runs first, on every line. */
export function overrideItem(test: TestCase): RuleItem | undefined {
  if (test.overrideStatics.length === 0) return undefined
  const document = {
    name: 'overrides',
    filter: '1==1',
    statics: test.overrideStatics.map((map: YamlMap) => toData(map)),
  }
  const place = '00_overrides.yaml'
  return {
    kind: 'parser',
    name: 'overrides',
    stage: 's00-raw',
    path: place,
    place,
    // JSON is YAML too.
    source: new SourceText(`${test.name}/${place}`, JSON.stringify(document, undefined, 2)),
    version: '',
    hash: '',
    isLocal: true,
  }
}
