import { type Caller, type Operation, operations } from './operations.ts'
import { ErrorReply } from './schemas/reply-schema.ts'

/** The OpenAPI 3.1 document of the Local API, made of the schemas that bodies are read with. */
export function openApiDocument(version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, operation] of Object.entries(operations)) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] ??= {}
    const methods = paths[path]
    methods[operation.method.toLowerCase()] = describeOperation(name, operation)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tocsin Local API', version },
    paths,
    components: {
      securitySchemes: {
        machine: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        bouncer: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      },
    },
  }
}

function describeOperation(name: string, operation: Operation): Readonly<Record<string, unknown>> {
  const names = [...operation.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
  const parameters = [
    ...names.map((parameter) => describeParameter(parameter, 'path')),
    ...(operation.query ?? []).map((parameter) => describeParameter(parameter, 'query')),
  ]
  return {
    operationId: name,
    summary: operation.summary,
    security: securityOf(operation.caller),
    ...(parameters.length > 0 && { parameters }),
    ...(operation.body && {
      requestBody: { required: true, content: { 'application/json': { schema: operation.body } } },
    }),
    responses: {
      [operation.status]: {
        description: 'done',
        ...(operation.reply && { content: { 'application/json': { schema: operation.reply } } }),
      },
      default: {
        description: 'refused',
        content: { 'application/json': { schema: ErrorReply } },
      },
    },
  }
}

function describeParameter(
  name: string,
  where: 'path' | 'query',
): Readonly<Record<string, unknown>> {
  return { name, in: where, required: where === 'path', schema: { type: 'string' } }
}

function securityOf(caller: Caller): readonly Readonly<Record<string, unknown>>[] {
  const schemes: Readonly<Record<Caller, readonly string[]>> = {
    anyone: [],
    machine: ['machine'],
    bouncer: ['bouncer'],
    'machine or bouncer': ['machine', 'bouncer'],
  }
  return schemes[caller].map((scheme) => ({ [scheme]: [] }))
}
