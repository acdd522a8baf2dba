import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import type { Search } from '../url.ts'

export interface GoProps
  extends Pick<ComponentProps<'a'>, 'aria-label' | 'className' | 'title' | 'tabIndex' | 'onClick'> {
  /** `/conversations/12` */
  readonly to: string
  readonly search?: Search
  readonly hash?: string
  readonly children: ReactNode
}

/** A link to another screen. */
export const Go = ({ to, search, hash, children, ...rest }: GoProps) => (
  <Anchor
    renderRoot={(props) => <Link {...props} to={to} search={(search ?? {}) as never} hash={hash} />}
    size="sm"
    {...rest}
  >
    {children}
  </Anchor>
)
