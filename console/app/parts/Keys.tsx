import { Kbd } from '@mantine/core'

const names: Record<string, string> = {
  $mod: /mac|iphone|ipad/i.test(navigator.platform) ? '⌘' : 'Ctrl',
  Escape: 'Esc',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ' ': 'Space',
}

/** `g q`, `$mod+k` as keys. */
export const Keys = ({ keys }: { keys: string }) => (
  <span className="keys">
    {keys.split(' ').map((press) => (
      <Kbd key={press} size="xs">
        {press
          .split('+')
          .map((key) => names[key] ?? (key === 'Space' ? 'Space' : key))
          .join(' ')}
      </Kbd>
    ))}
  </span>
)
