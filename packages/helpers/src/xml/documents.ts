import { parseXmlPath, type XmlStep } from './path.ts'
import { readXml, type XmlElement } from './read.ts'
import { selectXml } from './select.ts'

const maxDocuments = 50
/** Larger documents are parsed each time: fifty of them would hold too much memory. */
const maxCachedLength = 1 << 20
const maxPaths = 10_000

/**
 * Parsed documents and paths, because a rule asks one document for a dozen values.
 * Hot path: the document asked for last is found without a look-up.
 */
export class XmlDocuments {
  #lastText = ''
  #last: XmlElement | undefined = undefined
  readonly #documents = new Map<string, XmlElement | undefined>()
  readonly #paths = new Map<string, readonly XmlStep[] | undefined>()

  /** The first element at a path; undefined when there is none or the text is not XML. */
  find(text: string, steps: readonly XmlStep[]): XmlElement | undefined {
    const document = this.#document(text)
    return document && selectXml(document, steps)
  }

  /** The compiled path; undefined when it is not one. */
  path(text: string): readonly XmlStep[] | undefined {
    if (this.#paths.has(text)) return this.#paths.get(text)
    const steps = parseXmlPath(text)
    // Paths come from rules; only a rule that builds them from events could fill this.
    if (this.#paths.size >= maxPaths) this.#paths.clear()
    this.#paths.set(text, steps)
    return steps
  }

  #document(text: string): XmlElement | undefined {
    if (text === this.#lastText) return this.#last
    let document = this.#documents.get(text)
    if (document !== undefined || this.#documents.has(text)) {
      this.#documents.delete(text)
    } else {
      document = readXml(text)
    }
    if (text.length > maxCachedLength) return document
    this.#documents.set(text, document)
    if (this.#documents.size > maxDocuments) this.#dropOldest()
    this.#lastText = text
    this.#last = document
    return document
  }

  #dropOldest(): void {
    for (const text of this.#documents.keys()) {
      this.#documents.delete(text)
      return
    }
  }
}
