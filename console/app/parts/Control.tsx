import { Tooltip } from '@mantine/core'

export type ControlWord = 'bot' | 'waiting' | 'agent' | 'closed'

const meaning: Record<ControlWord, string> = {
  bot: 'The bot answers',
  waiting: 'A person is needed; none speaks yet',
  agent: 'A person holds the conversation',
  closed: 'Nobody; the customer’s next word opens it again',
}

/** Who has control: a pattern, a word, and a colour last. */
export const Control = ({ control, who }: { control: ControlWord; who?: string }) => (
  <Tooltip label={meaning[control]}>
    <span className="control" data-control={control}>
      <span className="control-band" aria-hidden />
      <span className="cut">
        {control}
        {who ? `, ${who}` : ''}
      </span>
    </span>
  </Tooltip>
)
