import { Anchor } from '@mantine/core'

/** A link that somebody wrote: it leads away, and tells nobody from where. */
export const Out = ({ href, words }: { href: string; words: string }) => (
  <Anchor href={href} target="_blank" rel="noopener noreferrer nofollow" inherit underline="always">
    {words}
  </Anchor>
)
