import type { FunctionDeclaration } from '@tocsin/expr'
import type { HelperDependencies } from './dependencies.ts'
import { dataFunctions } from './functions/data-functions.ts'
import { decisionFunctions } from './functions/decision-functions.ts'
import { pure, reading } from './functions/declare.ts'
import { geoFunctions } from './functions/geo-functions.ts'
import { ja4h } from './functions/ja4h.ts'
import { jsonFunctions } from './functions/json-functions.ts'
import { keyValueFunctions } from './functions/key-value-functions.ts'
import { listFunctions } from './functions/list-functions.ts'
import { networkFunctions } from './functions/network-functions.ts'
import { injectionFunctions, remoteFunctions } from './functions/remote-functions.ts'
import { stringFunctions } from './functions/string-functions.ts'
import { timeFunctions } from './functions/time-functions.ts'
import { urlFunctions } from './functions/url-functions.ts'
import { xmlFunctions } from './functions/xml-functions.ts'
import { requestType } from './types/request-type.ts'
import { string } from './types/types.ts'

/** Functions by the name rules call them. */
export type Functions = ReadonlyMap<string, FunctionDeclaration>

/**
 * Every function of the engine that expressions may call, over what a role has to look things up
 * in. Make them once per role: they hold caches of documents and ranges.
 */
export function createFunctions(dependencies: HelperDependencies): Functions {
  const { clock, log, dataFiles, stashes, geo, dns, decisions } = dependencies
  const { http, cti, injection, hostname = '', offsetMinutesAt = () => 0 } = dependencies
  const all = [
    ...stringFunctions(log),
    ...listFunctions(),
    ...urlFunctions(),
    ...jsonFunctions(),
    ...keyValueFunctions(),
    ...xmlFunctions(log),
    ...networkFunctions(),
    ...geoFunctions(geo, dns),
    ...timeFunctions(clock, offsetMinutesAt),
    ...dataFunctions(dataFiles, stashes, log),
    ...decisionFunctions(decisions, clock, log),
    ...remoteFunctions(http, cti),
    ...injectionFunctions(injection),
    reading('Hostname', [], string, () => hostname),
    pure('JA4H', [requestType], string, ja4h),
  ]
  return new Map(all.map((declaration) => [declaration.name, declaration]))
}
