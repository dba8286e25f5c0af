import { parseAddress } from '@tocsin/address'
import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import type { Dns, Geo } from '../dependencies.ts'
import { asnType, cityType, fillAsn, fillCity, networkType } from '../types/geo-type.ts'
import { string, strings } from '../types/types.ts'
import { reading } from './declare.ts'

/** `GeoIPEnrich`, `IPToCountry`, `LookupHost`… */
export function geoFunctions(
  geo: Geo | undefined,
  dns: Dns | undefined,
): readonly FunctionDeclaration[] {
  return [
    reading('GeoIPEnrich', [string], cityType, (ip: string) => {
      const record = geo?.city(checkAddress(ip, 'GeoIPEnrich'))
      return record && fillCity(record)
    }),
    reading('GeoIPASNEnrich', [string], asnType, (ip: string) => {
      const record = geo?.asn(checkAddress(ip, 'GeoIPASNEnrich'))
      return record && fillAsn(record)
    }),
    reading('GeoIPRangeEnrich', [string], networkType, (ip: string) =>
      geo?.range(checkAddress(ip, 'GeoIPRangeEnrich')),
    ),
    reading('IPToCountry', [string], string, (ip: string) =>
      parseAddress(ip) ? (geo?.city(ip)?.country?.iso_code ?? '') : '',
    ),
    reading('LookupHost', [string], strings, (name: string) => dns?.lookupHost(name) ?? []),
  ]
}

function checkAddress(ip: string, caller: string): string {
  if (parseAddress(ip)) return ip
  throw new EvaluationError(`${caller} takes an address, not ${JSON.stringify(ip)}`)
}
