/** Values that more than one route takes. */
import { Type } from 'typebox'

/** As large as the record's numbers, and as ours, can be. */
export const number = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const moment = Type.Integer({ minimum: 0, maximum: 253_402_300_799_000 })
/** The record has no place for the NUL character. */
export const line = Type.String({ minLength: 1, maxLength: 320, pattern: '^[^\\u0000]*$' })
