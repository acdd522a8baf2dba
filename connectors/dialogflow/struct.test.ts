/** Plain values through google.protobuf.Struct. */
import { describe, expect, it } from 'vitest'
import { fromStruct, toStruct } from './struct.ts'

describe('Struct', () => {
  it('carries every kind of value there and back, and nothing that would change an object', () => {
    const plain = { a: 'x', b: 0, c: false, d: null, e: [1, ['y'], { z: true }], f: { g: { h: '' } } }
    expect(fromStruct(toStruct({ ...plain, gone: undefined }))).toEqual(plain)
    const evil = JSON.parse('{"fields":{"__proto__":{"stringValue":"x"},"fine":{"stringValue":"y"}}}')
    expect(fromStruct(evil)).toEqual({ fine: 'y' })
    expect(fromStruct(null)).toEqual({})
  })

  it('ends in a loop', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    expect(JSON.stringify(toStruct(loop)).length).toBeLessThan(10_000)
  })
})
