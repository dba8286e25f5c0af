import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { XmlDocuments } from './documents.ts'
import { parseXmlPath } from './path.ts'
import { readXml } from './read.ts'
import { attributeOf, selectXml } from './select.ts'

const windowsEvent = `<?xml version="1.0"?>
<!-- from the event log -->
<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">
  <System><Provider Name='Microsoft-Windows-Security-Auditing' Guid="{5484}"/>
    <EventID Qualifiers="0">4625</EventID><EventID>1</EventID></System>
  <EventData>
    <Data Name="SubjectUserName">-</Data>
    <Data Name="TargetUserName">a &amp; b &#x41;&#66;</Data>
    <Data Name='Script'><![CDATA[if (a < b && c) {}]]></Data>
    <Data>unnamed</Data>
  </EventData>
  <s:Extra xmlns:s="urn:s"><s:Data>other</s:Data> tail</s:Extra>
</Event>`

function textAt(xml: string, path: string): string | undefined {
  const document = readXml(xml)
  const steps = parseXmlPath(path)
  return document && steps && selectXml(document, steps)?.text
}

suite('paths', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    '/Event/System[1]/EventID': '4625',
    '/Event/System/EventID[2]': '1',
    '/Event/System/EventID[-1]': '1',
    '/Event/System/EventID[3]': undefined,
    '/Event/System[2]/EventID': undefined,
    "/Event/EventData[1]/Data[@Name='TargetUserName']": 'a & b AB',
    '/Event/EventData[1]/Data[@Name="Script"]': 'if (a < b && c) {}',
    "/Event/EventData/Data[@Name='Nope']": undefined,
    '/Event/EventData/Data[4]': 'unnamed',
    '/Event/EventData/Data[@Name][3]': 'if (a < b && c) {}',
    'Event/System/EventID': '4625',
    './Event/System/EventID': '4625',
    '/Event/System/../EventData/Data': '-',
    '/Event/*/EventID': '4625',
    '//EventID': '4625',
    '//Data': '-',
    '//s:Data': 'other',
    '/Event/Extra/Data': 'other',
    '/Event/x:Extra/Data': undefined,
    "//Data[text()='unnamed']": 'unnamed',
    "/Event[System]/EventData/Data[text()='-']": '-',
    "/Event/System[EventID='4625']/EventID": '4625',
    "//*[local-name()='Data'][namespace-prefix()='s']": 'other',
    "//*[name()='s:Data']": 'other',
    "//*[namespace-uri()='urn:s']/s:Data": 'other',
    "//Data[@Name='a/b]']": undefined,
  }
  for (const [path, text] of Object.entries(cases)) {
    test(path, () => assert.equal(textAt(windowsEvent, path), text))
  }

  for (const path of ['', '/', 'a[', 'a[]', "a[@b='c]", 'a[b', "a[foo()='x']", 'a[1', 'a]x[']) {
    test(`${JSON.stringify(path)} is no path or finds nothing`, () => {
      assert.equal(textAt(windowsEvent, path), undefined)
    })
  }

  test('attributes, with and without prefix', () => {
    const root = readXml('<a xml:id="1" b="2"/>')?.children[0]
    assert.ok(root)
    assert.equal(attributeOf(root, 'id'), '1')
    assert.equal(attributeOf(root, 'xml:id'), '1')
    assert.equal(attributeOf(root, 'b'), '2')
    assert.equal(attributeOf(root, 'c'), undefined)
  })
})

suite('readXml', () => {
  const texts: Readonly<Record<string, string>> = {
    '<a> x\r\ny <b/> z</a>': ' x\ny ',
    '<a>x<!-- c -->y</a>': 'xy',
    '<a></a >': '',
    '<!DOCTYPE a [<!ENTITY e "<x>">]><a>&lt;&gt;&quot;&apos;</a>': '<>"\'',
    '\ufeff<a>bom</a>': 'bom',
    '<é>u</é>': 'u',
  }
  for (const [xml, text] of Object.entries(texts)) {
    test(xml, () => assert.equal(readXml(xml)?.children[0]?.text, text))
  }

  const malformed = [
    '<a>',
    '<a></b>',
    '</a>',
    '<a b></a>',
    '<a b=c></a>',
    '<a b="c></a>',
    '<a>&e;</a>',
    '<a>& b</a>',
    '<a>&#0;</a>',
    '<a>&#x110000;</a>',
    '<a><!-- </a>',
    '<a><![CDATA[x</a>',
    '<1a/>',
    '< a/>',
    '<a/ >',
    '<!DOCTYPE a [',
    '<?xml',
    '<a',
    '<',
  ]
  for (const xml of malformed) {
    test(`${xml} is refused`, () => assert.equal(readXml(xml), undefined))
  }

  test('an entity of its own never expands', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
    assert.equal(readXml(bomb), undefined)
  })

  test('hostile documents take linear time', () => {
    const started = performance.now()
    assert.equal(readXml('<a>'.repeat(1e5) + '</a>'.repeat(1e5)), undefined)
    const deep = '<a>'.repeat(4000) + '</a>'.repeat(4000)
    assert.equal(textAt(deep, '//a//a//a//b'), undefined)
    assert.equal(textAt(deep, "//*[namespace-uri()='x']"), undefined)
    readXml('<'.repeat(1e6))
    readXml(`<a ${'b="c" '.repeat(1e5)}/>`)
    readXml(`<a>${'&'.repeat(1e6)}</a>`)
    readXml(`<a>${'<!-- '.repeat(2e5)}</a>`)
    readXml(`<!${'<'.repeat(1e6)}`)
    readXml(`<a>${'x<b/>'.repeat(2e5)}</a>`)
    assert.ok(performance.now() - started < 3000)
  })
})

test('documents and paths are parsed once', () => {
  const documents = new XmlDocuments()
  const path = documents.path('/a')
  assert.ok(path)
  assert.equal(documents.path('/a'), path)
  const first = documents.find('<a>1</a>', path)
  for (let i = 0; i < 49; i++) documents.find(`<b>${i}</b>`, path)
  assert.equal(documents.find('<a>1</a>', path), first)
  for (let i = 0; i < 60; i++) documents.find(`<c>${i}</c>`, path)
  assert.notEqual(documents.find('<a>1</a>', path), first)
})
