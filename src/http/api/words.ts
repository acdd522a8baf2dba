/** Values that more than one route takes. */
import { Type } from 'typebox'

/** As large as the record's numbers, and as ours, can be. */
export const number = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
/** The record has no place for the NUL character. */
export const line = Type.String({ minLength: 1, maxLength: 320, pattern: '^[^\\u0000]*$' })
