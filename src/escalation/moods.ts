/**
 * How customers sound when they are annoyed or pleased, in six languages. Phrases say what they mean in any language,
 * so all lists are searched whatever the message is in; words that mean something else in a neighbouring language are left out.
 */
import { phraseBook } from './phrases.ts'
import { fold } from './words.ts'

/** Said to a company that is not solving it. */
const complaints = `
second|third|fourth|fifth|tenth|umpteenth time
3rd|4th|5th|10th time
how many times must|should i
how many times do i have|need
again and again
over and over
nobody|noone answers|answered|replies|replied|responds|responded|helps|helped|cares|listens
no one answers|answered|replies|replied|responds|responded|helps|helped|cares|listens
no answer|reply|response from|since|for
still not|isnt|doesnt|hasnt|havent|no|dont|didnt|waiting|nothing|broken
keeps|keep crashing|failing|happening|saying|asking|telling|repeating
anyone|anybody there|here|alive
waste|wasting|wasted of|my|our time
waiting|waited ... hours|days|weeks|months|ages|forever
for hours|days|weeks|months now
you|u not|arent|dont|didnt|never even|really? listen|listening|help|helping|understand|understanding|answer|answering|read|reading
not|isnt|wasnt ... what i asked|said|want|wanted|meant
already told|said|asked|explained|gave|answered|tried
i just told|said|asked you|that
told|asked you already|before|twice
not|isnt|wasnt|never ... helpful|helping|acceptable
not good enough
not|doesnt|didnt|isnt help|helped|helping|solve|solved
still doesnt|didnt|does work
you|this ... no help|use
makes no|any sense
makes|doesnt|dont make any|no sense
going|go in|around circles
what is|are wrong with you
why cant|dont|wont you understand|listen|help|read
whats wrong with you
are you kidding|joking|serious|stupid|deaf
get|got it wrong|together
had enough
fed up
sick and|of tired|this
tired of this|waiting|your|you|asking|repeating
cancel my|the account|contract|subscription immediately|now
want|demand my money back
charged|billed me|us? twice|again
never again
worst ... ever|service|company|bot|experience
zweite|dritte|vierte|funfte|zehnte mal
zum zweiten|dritten|vierten|funften|wiederholten|x-ten|zigsten mal
schon|bereits das? zweite|dritte|vierte|mehrmals|zigmal|dreimal|zweimal
wie oft
immer wieder
immer noch nicht|kein|keine|keinen
noch immer nicht|kein|keine|keinen
niemand|keiner antwortet|hilft|reagiert|meldet|zustandig|interessiert
funktioniert|geht|klappt immer|noch|schon|wieder nicht|noch
hilft mir|uns nicht|nicht
das|dies hilft ... nicht
keine hilfe
seit stunden|tagen|wochen|monaten
warte ... stunden|tagen|wochen|ewig|lange
habe|hab ... schon|bereits ... gesagt|geschrieben|erklart|gefragt|geantwortet|angegeben
das habe ich ... gesagt|gefragt
verstehst|verstehen|versteht ... mich nicht|nicht
verstehen|verstehst ... nicht
nicht was ich ... gefragt|gesagt|gemeint|will|wollte
reine zeitverschwendung|abzocke
zeitverschwendung|abzocke
ist da|jemand jemand|da
nase voll
es reicht
reicht mir|jetzt
will mein geld zuruck
nie wieder
pour la deuxieme|troisieme|quatrieme|enieme fois
deuxieme|troisieme|quatrieme|enieme fois
combien de fois
encore et encore|toujours
toujours pas|rien|aucun|aucune
personne ne repond|m|nous|veut|peut|aide
n aide|aidez pas
aucune reponse|aide
depuis des heures|jours|semaines|mois
attends ... depuis|heures|jours|semaines
deja dit|demande|explique|repondu|ecrit
vous|tu ne|n ... comprenez|comprends|ecoutez|lisez|repondez ... pas|rien
perte de temps
ras le bol
j en ai assez|marre
c est inadmissible|inacceptable|n
y a ... quelqu un
rendez moi ... argent
por segunda|tercera|cuarta|enesima vez
tercera|cuarta|quinta|enesima vez
segunda vez que
cuantas veces
una y otra vez
todavia|aun|sigue|siguen no|sin
nadie responde|contesta|me|nos|ayuda|atiende
no sirve|sirven ... nada
no me ... ayuda|ayudas|ayudan|entiende|entiendes|entienden|escucha
llevo ... horas|dias|semanas|meses|esperando
ya ... dije|dicho|pregunte|expliqué|explique|respondi|escribi
perdida de tiempo
hay alguien
estoy harto|harta|cansado|cansada
quiero ... dinero de vuelta
devuelvan ... dinero
no es lo que pregunte|pedi|dije
pela segunda|terceira|quarta|enesima vez
terceira|quarta|quinta|enesima vez
segunda vez que
quantas vezes
ainda nao|sem
ninguem responde|atende|me|nos|ajuda
nao resolve|resolveu|serve|adianta
nao ... ajuda|ajudou|entende|entendeu|responde
estou|to ... horas|dias|semanas|esperando|aguardando ... esperando|aguardando|horas|dias|semanas
ja ... disse|falei|expliquei|perguntei|respondi
perda de tempo
tem alguem ai
estou|to farto|farta|cansado|cansada de
quero ... dinheiro de volta
nao foi|e o ... perguntei|pedi|disse
للمرة الثانية|الثالثة|الرابعة|الخامسة|العاشرة|المئة|الألف
كم مرة ... قلت|أخبرتكم|أخبرتك|شرحت|طلبت|يجب|علي|سأقول|أكرر
مرارا وتكرارا
لا|ما|ولا|وما أحد|حدا يرد|يجيب|يساعد|يهتم|يساعدني|يجيبني|يجاوب|يسمعني
محد|ومحد يرد|يجاوب|يساعد
لم يرد|يجب|يساعدني|يجبني|يتواصل ... أحد
بلا|بدون|دون رد|جواب|إجابة|فائدة
ما|لا|وما|ولا زال|زالت|يزال|تزال لا|لم
مازال|مازالت لا|لم
منذ ساعات|أيام|أسابيع|شهور|أشهر
أنتظر ... ساعات|ساعة|أيام|أسابيع|طويل|طويلة
سبق أن|وأن? قلت|أخبرتكم|أخبرتك|شرحت|ذكرت|طلبت
لقد قلت|أخبرتك|أخبرتكم|شرحت|ذكرت
قلت|شرحت|ذكرت ... مرتين|مرات|مرة
لا|لم|ما|ولا|ولم|وما تفهم|تفهمون|تفهمني|تفهمونني|تسمع|تسمعون|تقرأ|تقرؤون|تجيب|تجيبون|يفهمني|تفهموني
لا|لم|ما|ولا|ولم|وما تساعدني|تساعدونني|يساعدني|يفيدني|تساعدوني
ليس هذا? ما سألت|طلبت|أردت|قصدت|قلت
مضيعة|تضييع للوقت|الوقت|وقت|وقتي
أضعتم|ضيعتم|أضعت|ضيعت وقتي
هل من|يوجد|هناك أحد هنا? $
أريد مالي|أموالي|فلوسي|نقودي
أعيدوا|رجعوا|ردوا ... مالي|أموالي|فلوسي|نقودي
طفح الكيل
مللت|تعبت|سئمت|زهقت منكم|منك|من|الانتظار
لا|ولا فائدة منكم|منك
أسوأ خدمة|شركة|تجربة|تعامل|دعم|موقع
`

/** The case rather than the mood: heavy only when repeated or next to something else. */
const faults = `
not|doesnt|dont|isnt|arent|didnt|wont work|working|load|loading|open|opening
funktioniert|funktionieren|geht|klappt nicht
ne|n fonctionne|marche|marchent|fonctionnent pas|plus
no funciona|funcionan
nao funciona|funcionam
لا|ما|لم|لن|ولا|وما|ولم يعمل|تعمل|يفتح|تفتح|يشتغل|تشتغل
`

/** A feeling, named plainly. */
const annoyed = `
annoyed|annoying|frustrated|frustrating|frustration|disappointed|disappointing|upset|angry|irritated|irritating|unhappy|dissatisfied|confusing
poor|bad|rude|slow service|support|experience|answer
nonsense|rubbish|ignored|ignoring
frustriert|frustrierend|enttauscht|enttauschend|verargert|argerlich|genervt|nervt|nervig|sauer|unzufrieden|unfreundlich|mies|unsinn|quatsch
frustre|frustree|frustrant|decu|decue|decevant|enerve|enervee|enervant|agace|agacee|agacant|mecontent|mecontente|fache|fachee|penible
frustrado|frustrada|frustrante|decepcionado|decepcionada|decepcionante|molesto|molesta|enojado|enojada|enfadado|enfadada|insatisfecho|insatisfecha
chateado|chateada|irritado|irritada|irritante|insatisfeito|insatisfeita|desapontado|desapontada|aborrecido|aborrecida
😠|😤|😒|🙄|😞|😩|😫
منزعج|منزعجة|مستاء|مستاءة|محبط|محبطة|غاضب|غاضبة|متضايق|متضايقة|زعلان|زعلانة|مزعج|مزعجة|مخيب|مخيبة|سيئ|سيئة|رديء|رديئة|مستفز|مستفزة
`

/** Strong words of anger. */
const furious = `
furious|outraged|outrageous|unacceptable|ridiculous|useless|terrible|horrible|awful|pathetic|disgusting|disgusted|appalling|atrocious|disgraceful|incompetent|infuriating|livid|scam|scammers|worthless|shameful|fuming|hate
absolute|complete|total joke|nonsense|disaster
is|what|such a joke
wutend|emport|unverschamt|unverschamtheit|unmoglich|inakzeptabel|lacherlich|nutzlos|katastrophe|katastrophal|schrecklich|furchtbar|unfahig|unerhort|frechheit|saftladen|betrug|schande|scheusslich
furieux|furieuse|scandaleux|scandaleuse|inacceptable|inadmissible|ridicule|inutile|lamentable|honteux|honteuse|nul|nulle|incompetent|incompetents|catastrophique|arnaque|degoutant|deplorable
furioso|furiosa|indignado|indignada|inaceptable|ridiculo|ridicula|inutil|inutiles|pesimo|pesima|vergonzoso|vergonzosa|verguenza|incompetentes|estafa|asqueroso|horroroso
revoltado|revoltada|inaceitavel|inutil|pessimo|pessima|vergonhoso|vergonhosa|vergonha|absurdo|absurda|palhacada|descaso
😡|🤬|👿
مهزلة|فضيحة|كارثة|كارثي|احتيال|نصاب|نصابين|نصابون|محتالون|محتالين|حرامية|مقرف|مقرفة|فاشل|فاشلة|فاشلين|تافه|تافهة|سخيف|سخيفة|وقاحة|عار|مخزي|مخزية|مخز
غير مقبول|مقبولة|معقول|معقولة|لائق
لا|ما|ولا|وما يطاق|تطاق|يعقل|يحتمل|تحتمل
`

/** Swearing: fires by itself, whatever else the message says. */
const profanity = `
fuck*|shit|shitty|bullshit|crap|crappy|asshole*|bastard*|bitch*|dickhead*|wtf|stfu|goddamn*
piss off
damn bot|thing|it|robot|machine|service
idiot|idiots|idioten|moron*|imbecile*
stupid bot|robot|machine|thing|system|computer
screw you
scheiss*|scheisse|verdammt*|arschloch*|arsch|fick*|hurensohn*|wichser*|verfickt*|kacke|drecks*|vollidiot*
merde|putain|bordel|connard*|connasse*|salope*|encule*|foutre|chier
mierda|joder|puta|puto|cabron*|gilipollas|pendejo*|carajo|chingad*|hostia
porra|caralho*|foda|fodase|fodido|merda|puta|desgracad*
🖕|💩
أغبياء|حمقى|اللعنة|تبا|حقير|حقيرين|خرا
بوت|روبوت|نظام|آلة|البوت|الروبوت|النظام|الآلة غبي|غبية|أحمق|الغبي|الغبية|الأحمق|زفت|الزفت
`

/** Thanks and praise. */
const pleased = `
great|perfect|excellent|awesome|wonderful|amazing|brilliant|fantastic|lovely|appreciate|appreciated|love|glad|happy
sounds good|great|nice|perfect
that works|helps|helped
very helpful|kind|good|nice
helpful|pleased|satisfied
perfekt|toll|prima|wunderbar|klasse|ausgezeichnet|zufrieden|hilfreich|freut|spitze|grossartig
parfait|parfaite|excellent|excellente|genial|geniale|formidable|satisfait|satisfaite|ravi|ravie|contente|utile
perfecto|perfecta|excelente|genial|estupendo|estupenda|maravilloso|encantado|encantada|satisfecho|satisfecha|contento|contenta
perfeito|perfeita|excelente|otimo|otima|maravilha|maravilhoso|satisfeito|satisfeita|feliz|adorei
😀|😃|😄|😊|🙂|👍|❤|🙏|😍
ممتاز|ممتازة|رائع|رائعة|جميل|جميلة|مفيد|مفيدة|مسرور|مسرورة|سعيد|سعيدة|أحسنت|أحسنتم|مثالي|مثالية
`

/** Courtesy: counts a little, and "no thanks" is no complaint. */
const thanks = `
thank|thanks|thankyou|thx|danke|merci|gracias|obrigado|obrigada|valeu
no|not|nein|non|nao thank|thanks|danke|merci|gracias|obrigado|obrigada
شكرا|مشكور|مشكورين|أشكرك|أشكركم
لا شكرا
`
/** What a negation does not turn around. */
export const isThanks = (weight: number): boolean => weight === thanksWeight
const thanksWeight = 1

/**
 * Weights are on the scale of the word lists: 1 is a hint, 3 a strong feeling. Chosen so that one complaint or one furious
 * word stays above the limit that escalates at once (-0.6, a sum of -2.5), and two, or one with emphasis, do not.
 */
export const moods = phraseBook(
  [-2, complaints],
  [-1, faults],
  [-1.5, annoyed],
  [-2.2, furious],
  [-2.4, profanity],
  [1.5, pleased],
  [thanksWeight, thanks],
)

export const swearing = phraseBook([1, profanity])

/** Turn what follows, in the same clause, around. */
export const negators =
  words(`not no never dont didnt doesnt isnt wasnt arent cant cannot wont wouldnt havent hasnt without hardly nobody
  nicht kein keine keinen keiner nie niemals ohne kaum pas jamais sans ne n aucun aucune sin nunca jamas nada nao nem sem
  لا ولا لم ولم لن ليس ليست لست غير بدون بلا`)

export const intensifiers =
  words(`very really so too extremely absolutely totally completely utterly incredibly super sehr wirklich total
  absolut vollig extrem echt tres vraiment totalement completement tellement extremement muy realmente totalmente tan demasiado
  absolutamente muito realmente tao demais extremamente`)

export const diminishers = words(
  `bit little slightly somewhat fairly kinda etwas bisschen wenig peu legerement poco algo pouco`,
)

/**
 * What a customer's case is about, not how they feel: a stolen card is no frustration with the bot, and a sad song is a song.
 * The word lists count these as bad news. Stems, folded.
 */
export const matters = phraseBook([
  1,
  `
lost|lose|losing|loss|miss*|stole*|theft|thief|broke*|break*|damage*|defect*|fault*|cancel*|stop*|fraud*|charge*|debt*|fee*|fine|fined|block*|lock*|fail*|wrong|error*|problem*|issue*|pain*|sick*|ill|injur*|hurt|dead*|death|die*|dying|kill*|murder*|crime*|criminal*|war|fire*|fight*|attack*|terror*|horror*|scar*|dark*|hell|evil|devil*|ghost*|blood*|emergenc*|accident*|warn*|cut|cuts|low|lower*|poor|cold|tired|sad|lonely|alone|cry*|crash*|stuck|delay*|late|refund*|return*|complain*|dispute*|penalt*|expire*|invalid|denied|deny|reject*|decline*|refuse*|suspend*|suspicio*|unauthori*|risk*|danger*|threat*|victim*|cancer|disease|hospital|police|prison|jail|robb*|burglar*|bomb*|drop*|leak*|virus|spam|hack*|pay|paid|owe*|bankrupt*|loan*|tax*|conflict*|bother*|no|sorry|confused|disregard|disab*|boring|bored|sentence*|apolog*|avoid*|limit*|expensive|chocolate|moody|gross|drunk|drinks|violen*|rain*|storm*|thunder*|demand*|wild|mad|rage|fear*|bad|worse|worst
verlor*|verlier*|verlust|gestohlen|diebstahl|kaputt|bruch|gebrochen|schaden|schaden*|beschadig*|defekt*|fehler*|problem*|storung*|stornier*|kundig*|abbruch*|abgebrochen|betrug*|gebuhr*|schuld*|gesperrt|sperr*|block*|falsch*|krank*|schmerz*|unfall|notfall|tot|tod*|gestorben|sterb*|mord*|krieg*|feuer|polizei|risik*|gefahr*|einbruch|einbrecher|beschwerde*|mahnung*|rechnung*|bezahlen|zahl*|nein|satz*|mode|nutzung|einstellung|erwart*|dringend|entschuldig*|leider|allein|leer|laut|hart|schwer|druck*|fallen|grau|not|spannung|erledig*|einlosen|log|stecken|mude|horror|grenzen|aufmerksam|hinweis*|abgelehnt|ablehn*|halt|stall
perd*|vol|vole*|voler|casse*|cass*|brise*|endommag*|defect*|erreur*|probleme*|panne*|annul*|fraud*|frais|dette*|bloqu*|faux|fausse|malad*|douleur*|accident*|urgence*|mort*|guerre|feu|police|risque*|danger*|plainte*|facture*|payer|refus*|retard*|manqu*|non|desole*|pardon|excus*|seul|seule|vide|dur|sombre|pluie|arret*|limite*|rat*
perd*|rob*|roto|rota|dan*|defect*|error*|problem*|fallo*|falla*|cancel*|fraude*|cargo*|deuda*|bloque*|equivoc*|enferm*|dolor*|accident*|emergenc*|muert*|guerra*|fuego|policia|riesgo*|peligr*|queja*|factura*|pagar|rechaz*|retras*|falta*|no|perdon|disculp*|solo|sola|duro|lluvia|limit*|parar
perd*|roub*|quebrad*|dan*|defeit*|erro*|problem*|falha*|cancel*|fraude*|cobran*|divid*|bloque*|errad*|doen*|dor|dores|acident*|emergenc*|mort*|guerra*|fogo|policia|risco*|perig*|reclama*|fatura*|pagar|recus*|atras*|falta*|nao|desculp*|perdao|sozinh*|duro|chuva|limit*|parar
مشكل*|المشكل*|خطأ|الخطأ|أخطاء|إلغاء|الإلغاء|ألغي|ألغيت|ألغى|ألغوا|فقد|فقدت|فقدان|ضاع|ضاعت|ضائع*|سرق|سرقت|سرقة|سرقوا|مسروق*|المسروق*|عطل|العطل|معطل*|تالف*|مكسور*|كسر|كسرت|عيب|ديون|رسوم|الرسوم|غرام*|محظور*|حظر|حظرت|مغلق*|مرفوض*|رفض|رفضت|رفضوا|تأخر*|تأخير*|متأخر*|مريض*|ألم|مؤلم|حادث*|طوارئ|موت|مات|قتل|حرب|نار|حريق|شرطة|خطر|خطرة|خطير*|شكوى|الشكوى|فاتورة|دفع|دفعت|دفعة|لا|آسف|آسفة|عذرا|معذرة|وحيد*|فارغ*|مطر|توقف*|ناقص*|نقص|احتيال*|حزين*|صعب|صعبة|خسر|خسرت|خسار*|سيء|بطيء|بطيئة|متعب*|إزعاج|اعتذر|أعتذر|ينتهي|منتهي*
`,
])

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).map(fold))
}
