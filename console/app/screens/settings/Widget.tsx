import { Code, Stack, Text, Title } from '@mantine/core'
import type { ChecklistAnswer } from '../../../../src/http/api/checklist.ts'
import { Copy } from '../../parts/Copy.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { useRead } from '../../read.ts'

/** Read only: how the chat looks and speaks stands in the configuration. */
export function Widget() {
  const query = useRead<ChecklistAnswer>('/setup')
  return (
    <section aria-label="Widget" className="settings-cards">
      <Title order={2} size="h3">
        Widget
      </Title>
      <DataState query={query} what="The configuration could not be read" rows={3}>
        {({ url, channel, file }) => {
          const tag = `<script src="${url}/widget.js" data-connection="${channel ?? 'site'}" async></script>`
          return (
            <Stack gap="md" align="flex-start">
              <Text size="sm">
                Its colours, words and allowed sites are settings of the connection <Code>{channel ?? 'site'}</Code> in{' '}
                <Code>{file}</Code>. Change them there and start the hub again.
              </Text>
              <Text size="sm">This tag brings the chat to a page:</Text>
              <Code block className="settings-secret">
                {tag}
              </Code>
              <Copy value={tag} what="the script tag" />
            </Stack>
          )
        }}
      </DataState>
    </section>
  )
}
