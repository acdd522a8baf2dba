import { Badge } from '@mantine/core'
import type { RefObject } from 'react'
import type { Group } from '../../../../src/http/api/dead-letters.ts'
import { Go } from '../../parts/Go.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { Age } from '../../parts/Time.tsx'
import type { Search } from '../../url.ts'
import { headOf, sizeOf } from './words.ts'

export interface GroupListProps {
  readonly groups: readonly Group[]
  readonly open: string | undefined
  readonly search: Search
  readonly list: RefObject<HTMLUListElement | null>
}

export const GroupList = ({ groups, open, search, list }: GroupListProps) => (
  <ul ref={list} className="causes" aria-label="Dead letters by cause">
    {groups.map((group) => (
      <li key={group.cause} className="cause" data-open={group.cause === open || undefined}>
        <Go
          to={`/dead-letters/${group.cause}`}
          search={search}
          className="cause-link"
          {...{ 'data-row': true, 'aria-current': group.cause === open ? 'true' : undefined }}
        >
          <span className="cause-head">
            <PlainText text={headOf(group)} />
          </span>
          <Badge color="gray" flex="none">
            {group.letters}
          </Badge>
        </Go>
        <div className="cause-text">
          <PlainText text={group.vendor ?? group.text ?? ''} />
        </div>
        <div className="cause-size">
          {sizeOf(group)}, oldest <Age at={group.oldestAt} />
        </div>
      </li>
    ))}
  </ul>
)
