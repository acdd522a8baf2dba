/** What the YAML of a connection says of files that people attach there. */
import { Type } from 'typebox'
import { fileTypes } from './files.ts'

export const largestFile = Type.Optional(
  Type.Integer({
    title: 'Largest file',
    description: 'In bytes.',
    minimum: 1024,
    maximum: 52_428_800,
    default: 10_485_760,
  }),
)

export const allFiles = (title: string) =>
  Type.Optional(Type.Integer({ title, description: 'In bytes; more is refused.', minimum: 1024, default: 104_857_600 }))

export const permittedTypes = Type.Optional(
  Type.Array(Type.Enum([...fileTypes]), {
    title: 'Allowed types',
    description: 'Recognised by their content, not by their name. An empty list: no files.',
    default: [...fileTypes],
  }),
)
