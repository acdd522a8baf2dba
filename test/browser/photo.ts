/** A picture of one pixel, filled up to so many bytes. */
export const photo = (bytes: number): Buffer => {
  const head = Buffer.from(
    '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082',
    'hex',
  )
  return Buffer.concat([head, Buffer.alloc(Math.max(0, bytes - head.length))])
}
