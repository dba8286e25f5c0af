import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import { createTextDict } from '@tocsin/model'
import { type OnPair, scanKeyValues, scanLaxKeyValues } from '../text/key-values.ts'
import { dictOf, nil, string, unknown } from '../types/types.ts'
import { writing } from './declare.ts'
import { getMember, isDict, setMember } from './map-member.ts'

type Scan = (text: string, onPair: OnPair) => number

/** `ParseKV`, `ParseKVLax`. */
export function keyValueFunctions(): readonly FunctionDeclaration[] {
  const parameters = [string, dictOf(unknown), string]
  return [
    writing('ParseKV', parameters, nil, parseInto('ParseKV', scanKeyValues)),
    writing('ParseKVLax', parameters, nil, parseInto('ParseKVLax', scanLaxKeyValues)),
  ]
}

/** Fills the text dictionary at a key of a map, which is made when it is not there. */
function parseInto(name: string, scan: Scan): (text: string, map: unknown, key: string) => void {
  return (text, map, key) => {
    const known = getMember(map, key)
    if (known !== undefined && known !== null && !isDict(known)) {
      throw new EvaluationError(`${name} finds something else than a map at ${JSON.stringify(key)}`)
    }
    const pairs = isDict(known) ? known : createTextDict()
    if (scan(text, (pair, value) => setMember(pairs, pair, value, name)) === 0) {
      throw new EvaluationError(`${name} finds no key=value in the text`)
    }
    setMember(map, key, pairs, name)
  }
}
