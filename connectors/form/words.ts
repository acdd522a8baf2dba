/** What the form says, in six languages. */
const en = {
  question: 'How was the help you got?',
  worst: 'Not helpful',
  best: 'Very helpful',
  score: '{score} of {scale}',
  comment: 'Would you like to add anything?',
  optional: 'optional',
  send: 'Send',
  thanks: 'Thank you!',
  thanksMore: 'Your answer helps us do better. You can close this page.',
  already: 'You have already answered. Thank you, one answer is all we need.',
  unknown: 'This link does not lead to a question any more. It may be incomplete, or older than 14 days.',
  choose: 'Please choose a score first.',
  tooLong: 'Please shorten your words to 2,000 characters.',
  tooMany: 'Too many tries from here. Please wait a minute and open the link again.',
}
export type FormWords = Readonly<Record<keyof typeof en, string>>

const de: FormWords = {
  question: 'Wie gut wurde Ihnen geholfen?',
  worst: 'Gar nicht gut',
  best: 'Sehr gut',
  score: '{score} von {scale}',
  comment: 'Möchten Sie noch etwas dazu sagen?',
  optional: 'freiwillig',
  send: 'Absenden',
  thanks: 'Vielen Dank!',
  thanksMore: 'Ihre Antwort hilft uns, besser zu werden. Sie können diese Seite schließen.',
  already: 'Sie haben schon geantwortet. Danke, eine Antwort genügt uns.',
  unknown: 'Dieser Link führt zu keiner Frage mehr. Vielleicht ist er unvollständig oder älter als 14 Tage.',
  choose: 'Bitte wählen Sie zuerst eine Bewertung.',
  tooLong: 'Bitte kürzen Sie Ihren Text auf 2.000 Zeichen.',
  tooMany: 'Zu viele Versuche von hier. Bitte warten Sie eine Minute und öffnen Sie den Link noch einmal.',
}

const fr: FormWords = {
  question: 'Avez-vous été bien aidé ?',
  worst: 'Pas du tout',
  best: 'Très bien',
  score: '{score} sur {scale}',
  comment: 'Souhaitez-vous ajouter quelque chose ?',
  optional: 'facultatif',
  send: 'Envoyer',
  thanks: 'Merci !',
  thanksMore: 'Votre réponse nous aide à progresser. Vous pouvez fermer cette page.',
  already: 'Vous avez déjà répondu. Merci, une réponse nous suffit.',
  unknown: 'Ce lien ne mène plus à une question. Il est peut-être incomplet, ou a plus de 14 jours.',
  choose: 'Veuillez d’abord choisir une note.',
  tooLong: 'Veuillez raccourcir votre texte à 2 000 caractères.',
  tooMany: 'Trop d’essais depuis cette adresse. Veuillez attendre une minute et ouvrir à nouveau le lien.',
}

const es: FormWords = {
  question: '¿Le ayudamos bien?',
  worst: 'Nada bien',
  best: 'Muy bien',
  score: '{score} de {scale}',
  comment: '¿Desea añadir algo?',
  optional: 'opcional',
  send: 'Enviar',
  thanks: '¡Gracias!',
  thanksMore: 'Su respuesta nos ayuda a mejorar. Puede cerrar esta página.',
  already: 'Ya ha respondido. Gracias, una respuesta nos basta.',
  unknown: 'Este enlace ya no lleva a ninguna pregunta. Puede estar incompleto o tener más de 14 días.',
  choose: 'Elija primero una puntuación.',
  tooLong: 'Acorte su texto a 2000 caracteres.',
  tooMany: 'Demasiados intentos desde aquí. Espere un minuto y abra el enlace de nuevo.',
}

const pt: FormWords = {
  question: 'A ajuda foi boa?',
  worst: 'Nada boa',
  best: 'Muito boa',
  score: '{score} de {scale}',
  comment: 'Quer acrescentar alguma coisa?',
  optional: 'opcional',
  send: 'Enviar',
  thanks: 'Obrigado!',
  thanksMore: 'A sua resposta ajuda-nos a melhorar. Pode fechar esta página.',
  already: 'Você já respondeu. Obrigado, uma resposta basta.',
  unknown: 'Este link já não leva a uma pergunta. Pode estar incompleto ou ter mais de 14 dias.',
  choose: 'Escolha primeiro uma nota.',
  tooLong: 'Encurte o texto para 2.000 caracteres.',
  tooMany: 'Tentativas demais a partir daqui. Espere um minuto e abra o link de novo.',
}

const ar: FormWords = {
  question: 'كيف كانت المساعدة التي تلقيتها؟',
  worst: 'غير مفيدة',
  best: 'مفيدة جدًا',
  score: '{score} من {scale}',
  comment: 'هل تود إضافة شيء؟',
  optional: 'اختياري',
  send: 'إرسال',
  thanks: 'شكرًا لك!',
  thanksMore: 'إجابتك تساعدنا على التحسّن. يمكنك إغلاق هذه الصفحة.',
  already: 'لقد أجبت من قبل. شكرًا، إجابة واحدة تكفينا.',
  unknown: 'لم يعد هذا الرابط يقود إلى سؤال. ربما كان ناقصًا، أو مضى عليه أكثر من 14 يومًا.',
  choose: 'اختر درجة أولًا من فضلك.',
  tooLong: 'اختصر كلامك إلى 2000 حرف من فضلك.',
  tooMany: 'محاولات كثيرة من هنا. انتظر دقيقة ثم افتح الرابط مرة أخرى.',
}

const all: Readonly<Record<string, FormWords>> = { en, de, fr, es, pt, ar }
export const directionOf = (language: string): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr')
export const formLanguages = Object.keys(all)

/** `pt-BR` finds `pt`; what is not known is English. */
export const languageOf = (tag: string | null | undefined): string => {
  const primary = tag?.trim().toLowerCase().split(/[-_]/)[0] ?? ''
  return Object.hasOwn(all, primary) ? primary : 'en'
}

export const wordsIn = (language: string): FormWords => all[language] ?? en

/** The first of an `Accept-Language` header that we speak. */
export function preferred(header: string | undefined): string {
  const wanted = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => part.split(';')[0]!.trim().toLowerCase().split('-')[0]!)
  return wanted.find((language) => Object.hasOwn(all, language)) ?? 'en'
}
