/** What /privacy says, in the languages of bot-lines.ts: the same sentences as in en.ts, each read for the same tone. */
import type { BotWords } from "../i18n.ts";

type PrivacyLines = BotWords["privacy"];

/** `**title**`, four things that are kept, and what a model sees. */
function list(title: string, items: readonly string[], model: string): string {
  return `**${title}**\n${items.map((item) => `• ${item}`).join("\n")}\n\n${model}`;
}

const es: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Lo que guardo de ti en este servidor",
      [
        `lo que nos dijimos: ${turns} días`,
        `mensajes tuyos que me planteé responder: ${silences} días`,
        `lo que encontró la moderación, si hubo algo: su texto, ${cases} días`,
        "para preguntas de seguimiento: media hora",
      ],
      "Un modelo de lenguaje solo ve tu mensaje cuando te respondo o cuando la moderación tiene dudas. Los mensajes que no me incumben no se guardan.",
    ),
  file: "Envíame lo que guardas",
  forget: "Olvídame",
  doNotRead: "No me leas",
  readAgain: "Vuelve a leerme",
  fileHere: "Esto es lo que guardo de ti, en JSON (descomprímelo con gunzip).",
  fileSent: "Te he enviado un archivo por mensaje directo.",
  fileAgain: (hours) =>
    `Pediste tu archivo hace poco; está en nuestros mensajes directos. Se puede hacer uno nuevo cada ${hours} horas.`,
  fileTooLarge: "Hay más de lo que cabe en un archivo de Discord. Pídeselo a los administradores de este servidor.",
  cannotWrite:
    "No puedo escribirte. Permite los mensajes directos en la privacidad de este servidor y pulsa otra vez el botón.",
  busy: "Mucha gente está pidiendo su archivo ahora. Vuelve a pulsar el botón en unos minutos.",
  forgotten:
    "Hecho. He vaciado nuestras conversaciones en todos los servidores donde estoy. Las decisiones de la moderación se conservan hasta que venza su plazo, porque se pueden recurrir.",
  isUnread:
    "No te leo: tus mensajes ni se responden ni se muestran a un modelo de lenguaje. Solo los miran reglas fijas contra el spam y las estafas. Con /privacy puedes cambiarlo.",
  isRead: "Hecho. Te vuelvo a responder cuando preguntes.",
  optedOut: "Me pediste que no te leyera, así que no puedo responder. Con /privacy puedes cambiarlo.",
  authorOptedOut: "Quien escribió esto me pidió que no lo leyera. Pregúntame con tus propias palabras, con /ask.",
};

const pt: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "O que guardo sobre você neste servidor",
      [
        `o que dissemos um ao outro: ${turns} dias`,
        `mensagens suas que pensei em responder: ${silences} dias`,
        `o que a moderação encontrou, se houve algo: o texto, ${cases} dias`,
        "para perguntas de continuação: meia hora",
      ],
      "Um modelo de linguagem só vê sua mensagem quando respondo a você ou quando a moderação tem dúvida. Mensagens que não me dizem respeito não são guardadas.",
    ),
  file: "Envie o que você guarda",
  forget: "Me esqueça",
  doNotRead: "Não me leia",
  readAgain: "Volte a me ler",
  fileHere: "Isto é o que guardo sobre você, em JSON (descompacte com gunzip).",
  fileSent: "Enviei um arquivo para você por mensagem direta.",
  fileAgain: (hours) =>
    `Você pediu seu arquivo há pouco; ele está nas nossas mensagens diretas. Um novo pode ser feito a cada ${hours} horas.`,
  fileTooLarge: "Há mais do que cabe em um arquivo no Discord. Peça aos administradores deste servidor.",
  cannotWrite:
    "Não consigo escrever para você. Permita mensagens diretas na privacidade deste servidor e aperte o botão de novo.",
  busy: "Muita gente está pedindo o próprio arquivo agora. Aperte o botão de novo em alguns minutos.",
  forgotten:
    "Pronto. Esvaziei nossas conversas em todos os servidores onde estou. As decisões da moderação ficam até o prazo acabar, porque é possível recorrer delas.",
  isUnread:
    "Eu não leio você: suas mensagens não são respondidas nem mostradas a um modelo de linguagem. Só regras fixas contra spam e golpes olham para elas. Você pode mudar isso com /privacy.",
  isRead: "Pronto. Volto a responder quando você perguntar.",
  optedOut: "Você pediu que eu não lesse você, então não posso responder. Você pode mudar isso com /privacy.",
  authorOptedOut: "Quem escreveu isto pediu para não ser lido. Pergunte com suas próprias palavras, com /ask.",
};

const fr: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Ce que je conserve à ton sujet sur ce serveur",
      [
        `ce que nous nous sommes dit : ${turns} jours`,
        `tes messages auxquels j'ai pensé répondre : ${silences} jours`,
        `ce que la modération a trouvé, s'il y a lieu : le texte, ${cases} jours`,
        "pour les questions de suivi : une demi-heure",
      ],
      "Un modèle de langage ne voit ton message que si je te réponds ou si la modération a un doute. Les messages qui ne me concernent pas ne sont pas conservés.",
    ),
  file: "Envoie-moi ce que tu conserves",
  forget: "Oublie-moi",
  doNotRead: "Ne me lis pas",
  readAgain: "Lis-moi de nouveau",
  fileHere: "Voici ce que je conserve à ton sujet, en JSON (à décompresser avec gunzip).",
  fileSent: "Je t'ai envoyé un fichier par message privé.",
  fileAgain: (hours) =>
    `Tu as demandé ton fichier il y a peu ; il est dans nos messages privés. Un nouveau est possible toutes les ${hours} heures.`,
  fileTooLarge: "Il y en a plus que ce qu'un fichier Discord peut contenir. Demande-le aux admins de ce serveur.",
  cannotWrite:
    "Je ne peux pas t'écrire. Autorise les messages privés dans la confidentialité de ce serveur, puis appuie de nouveau.",
  busy: "Beaucoup de monde demande son fichier en ce moment. Appuie de nouveau dans quelques minutes.",
  forgotten:
    "C'est fait. J'ai vidé nos conversations sur tous les serveurs où je suis. Les décisions de modération restent jusqu'à la fin de leur délai, car on peut les contester.",
  isUnread:
    "Je ne te lis pas : tes messages ne reçoivent pas de réponse et ne sont montrés à aucun modèle de langage. Seules des règles fixes contre le spam et les arnaques les regardent. Tu peux changer cela avec /privacy.",
  isRead: "C'est fait. Je te réponds de nouveau quand tu poses une question.",
  optedOut: "Tu m'as demandé de ne pas te lire, je ne peux donc pas répondre. Tu peux changer cela avec /privacy.",
  authorOptedOut:
    "La personne qui a écrit cela m'a demandé de ne pas la lire. Pose ta question avec tes mots, avec /ask.",
};

const de: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Was ich auf diesem Server über dich aufhebe",
      [
        `was wir einander geschrieben haben: ${turns} Tage`,
        `Nachrichten von dir, die ich vielleicht beantwortet hätte: ${silences} Tage`,
        `was die Moderation gefunden hat, falls etwas: den Text ${cases} Tage`,
        "für Rückfragen: eine halbe Stunde",
      ],
      "Ein Sprachmodell sieht deine Nachricht nur, wenn ich dir antworte oder die Moderation sich nicht sicher ist. Nachrichten, die mich nichts angehen, werden nicht aufgehoben.",
    ),
  file: "Schick mir, was du aufhebst",
  forget: "Vergiss mich",
  doNotRead: "Lies mich nicht",
  readAgain: "Lies mich wieder",
  fileHere: "Das hebe ich über dich auf, als JSON (mit gunzip entpacken).",
  fileSent: "Ich habe dir eine Datei als Direktnachricht geschickt.",
  fileAgain: (hours) =>
    `Du hast deine Datei vor Kurzem angefordert; sie liegt in unseren Direktnachrichten. Eine neue gibt es alle ${hours} Stunden.`,
  fileTooLarge: "Es ist mehr, als in eine Datei auf Discord passt. Bitte frag die Admins dieses Servers danach.",
  cannotWrite:
    "Ich kann dir nicht schreiben. Erlaube Direktnachrichten in den Privatsphäre-Einstellungen dieses Servers und drück den Knopf noch einmal.",
  busy: "Gerade fordern viele ihre Datei an. Drück den Knopf bitte in ein paar Minuten noch einmal.",
  forgotten:
    "Erledigt. Unsere Gespräche sind auf allen Servern, auf denen ich bin, geleert. Was die Moderation entschieden hat, bleibt bis zum Ende seiner Frist, weil man dagegen Einspruch erheben kann.",
  isUnread:
    "Ich lese dich nicht: Deine Nachrichten werden weder beantwortet noch einem Sprachmodell gezeigt. Nur feste Regeln gegen Spam und Betrug sehen sie noch. Mit /privacy änderst du das.",
  isRead: "Erledigt. Wenn du fragst, antworte ich dir wieder.",
  optedOut: "Du wolltest, dass ich dich nicht lese, deshalb kann ich nicht antworten. Mit /privacy änderst du das.",
  authorOptedOut: "Wer das geschrieben hat, möchte nicht gelesen werden. Frag mich mit /ask in deinen eigenen Worten.",
};

const ru: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Что я храню о тебе на этом сервере",
      [
        `что мы писали друг другу: ${turns} дн.`,
        `твои сообщения, на которые я думал ответить: ${silences} дн.`,
        `что нашла модерация, если нашла: текст ${cases} дн.`,
        "для уточняющих вопросов: полчаса",
      ],
      "Языковая модель видит твоё сообщение, только когда я отвечаю тебе или когда модерация не уверена. Сообщения, которые меня не касаются, не хранятся.",
    ),
  file: "Пришли то, что хранишь",
  forget: "Забудь меня",
  doNotRead: "Не читай меня",
  readAgain: "Читай меня снова",
  fileHere: "Вот что я о тебе храню, в формате JSON (распакуй через gunzip).",
  fileSent: "Я отправил тебе файл личным сообщением.",
  fileAgain: (hours) =>
    `Твой файл уже готовился недавно; он в наших личных сообщениях. Новый можно получить раз в ${hours} ч.`,
  fileTooLarge: "Данных больше, чем помещается в файл на Discord. Попроси их у администраторов этого сервера.",
  cannotWrite:
    "Я не могу тебе написать. Разреши личные сообщения в настройках конфиденциальности этого сервера и нажми кнопку ещё раз.",
  busy: "Сейчас многие запрашивают свои файлы. Нажми кнопку ещё раз через несколько минут.",
  forgotten:
    "Готово. Наши разговоры очищены на всех серверах, где я есть. Решения модерации остаются до конца своего срока: их можно обжаловать.",
  isUnread:
    "Я тебя не читаю: на твои сообщения я не отвечаю и не показываю их языковой модели. Их проверяют только постоянные правила против спама и мошенничества. Изменить это можно через /privacy.",
  isRead: "Готово. Я снова отвечаю на твои вопросы.",
  optedOut: "По твоей просьбе я тебя не читаю, поэтому не могу ответить. Изменить это можно через /privacy.",
  authorOptedOut: "Автор этого сообщения просил его не читать. Спроси своими словами через /ask.",
};

const uk: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Що я зберігаю про тебе на цьому сервері",
      [
        `що ми писали одне одному: ${turns} дн.`,
        `твої повідомлення, на які я думав відповісти: ${silences} дн.`,
        `що знайшла модерація, якщо знайшла: текст ${cases} дн.`,
        "для уточнювальних запитань: пів години",
      ],
      "Мовна модель бачить твоє повідомлення, лише коли я відповідаю тобі або коли модерація не певна. Повідомлення, які мене не стосуються, не зберігаються.",
    ),
  file: "Надішли те, що зберігаєш",
  forget: "Забудь мене",
  doNotRead: "Не читай мене",
  readAgain: "Читай мене знову",
  fileHere: "Ось що я про тебе зберігаю, у форматі JSON (розпакуй через gunzip).",
  fileSent: "Я надіслав тобі файл особистим повідомленням.",
  fileAgain: (hours) =>
    `Твій файл уже готувався нещодавно; він у наших особистих повідомленнях. Новий можна отримати раз на ${hours} год.`,
  fileTooLarge: "Даних більше, ніж уміщується у файл на Discord. Попроси їх в адміністраторів цього сервера.",
  cannotWrite:
    "Я не можу тобі написати. Дозволь особисті повідомлення в налаштуваннях приватності цього сервера й натисни кнопку ще раз.",
  busy: "Зараз багато хто просить свої файли. Натисни кнопку ще раз за кілька хвилин.",
  forgotten:
    "Готово. Наші розмови очищено на всіх серверах, де я є. Рішення модерації лишаються до кінця свого строку: їх можна оскаржити.",
  isUnread:
    "Я тебе не читаю: на твої повідомлення я не відповідаю й не показую їх мовній моделі. Їх перевіряють лише сталі правила проти спаму й шахрайства. Змінити це можна через /privacy.",
  isRead: "Готово. Я знову відповідаю на твої запитання.",
  optedOut: "На твоє прохання я тебе не читаю, тож не можу відповісти. Змінити це можна через /privacy.",
  authorOptedOut: "Автор цього повідомлення просив його не читати. Запитай своїми словами через /ask.",
};

const it: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Cosa conservo di te in questo server",
      [
        `quello che ci siamo scritti: ${turns} giorni`,
        `i tuoi messaggi a cui ho pensato di rispondere: ${silences} giorni`,
        `quello che ha trovato la moderazione, se c'è: il testo, ${cases} giorni`,
        "per le domande successive: mezz'ora",
      ],
      "Un modello linguistico vede il tuo messaggio solo quando ti rispondo o quando la moderazione ha un dubbio. I messaggi che non mi riguardano non vengono conservati.",
    ),
  file: "Mandami cosa conservi",
  forget: "Dimenticami",
  doNotRead: "Non leggermi",
  readAgain: "Leggimi di nuovo",
  fileHere: "Ecco cosa conservo di te, in JSON (si apre con gunzip).",
  fileSent: "Ti ho mandato un file in un messaggio diretto.",
  fileAgain: (hours) =>
    `Hai chiesto il tuo file poco fa: è nei nostri messaggi diretti. Se ne può fare uno nuovo ogni ${hours} ore.`,
  fileTooLarge: "C'è più di quanto entri in un file su Discord. Chiedilo agli amministratori di questo server.",
  cannotWrite:
    "Non posso scriverti. Consenti i messaggi diretti nella privacy di questo server e premi di nuovo il pulsante.",
  busy: "Molti stanno chiedendo il proprio file. Premi di nuovo il pulsante tra qualche minuto.",
  forgotten:
    "Fatto. Ho svuotato le nostre conversazioni in tutti i server in cui sono. Le decisioni della moderazione restano fino alla loro scadenza, perché si può fare ricorso.",
  isUnread:
    "Non ti leggo: ai tuoi messaggi non rispondo e nessun modello linguistico li vede. Li guardano solo regole fisse contro spam e truffe. Con /privacy puoi cambiare.",
  isRead: "Fatto. Ti rispondo di nuovo quando chiedi qualcosa.",
  optedOut: "Mi hai chiesto di non leggerti, quindi non posso rispondere. Con /privacy puoi cambiare.",
  authorOptedOut: "Chi ha scritto questo mi ha chiesto di non leggerlo. Chiedimelo con parole tue, con /ask.",
};

const pl: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Co przechowuję o tobie na tym serwerze",
      [
        `to, co do siebie pisaliśmy: ${turns} dni`,
        `twoje wiadomości, na które rozważałem odpowiedź: ${silences} dni`,
        `to, co znalazła moderacja, jeśli coś było: tekst ${cases} dni`,
        "na potrzeby dalszych pytań: pół godziny",
      ],
      "Model językowy widzi twoją wiadomość tylko wtedy, gdy ci odpowiadam albo gdy moderacja nie ma pewności. Wiadomości, które mnie nie dotyczą, nie są przechowywane.",
    ),
  file: "Wyślij mi, co masz",
  forget: "Zapomnij mnie",
  doNotRead: "Nie czytaj mnie",
  readAgain: "Czytaj mnie znowu",
  fileHere: "Oto, co o tobie przechowuję, w formacie JSON (rozpakuj przez gunzip).",
  fileSent: "Plik wysłałem ci w wiadomości prywatnej.",
  fileAgain: (hours) =>
    `Prośba o plik była niedawno; jest w naszych wiadomościach prywatnych. Nowy można dostać co ${hours} godz.`,
  fileTooLarge: "Jest tego więcej, niż mieści plik na Discordzie. Poproś o to administrację tego serwera.",
  cannotWrite:
    "Nie mogę do ciebie napisać. Zezwól na wiadomości prywatne w ustawieniach prywatności tego serwera i naciśnij przycisk jeszcze raz.",
  busy: "Wiele osób prosi teraz o swoje pliki. Naciśnij przycisk jeszcze raz za kilka minut.",
  forgotten:
    "Gotowe. Opróżniłem nasze rozmowy na wszystkich serwerach, na których jestem. Decyzje moderacji zostają do końca swojego terminu, bo można się od nich odwołać.",
  isUnread:
    "Nie czytam cię: nie odpowiadam na twoje wiadomości i nie pokazuję ich modelowi językowemu. Patrzą na nie tylko stałe reguły przeciw spamowi i oszustwom. Zmienisz to przez /privacy.",
  isRead: "Gotowe. Znowu odpowiadam na twoje pytania.",
  optedOut: "Na twoją prośbę cię nie czytam, więc nie mogę odpowiedzieć. Zmienisz to przez /privacy.",
  authorOptedOut: "Autor tej wiadomości prosił, by go nie czytać. Zapytaj własnymi słowami przez /ask.",
};

const nl: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Wat ik op deze server over je bewaar",
      [
        `wat we elkaar schreven: ${turns} dagen`,
        `berichten van jou die ik misschien had beantwoord: ${silences} dagen`,
        `wat de moderatie vond, als er iets was: de tekst ${cases} dagen`,
        "voor vervolgvragen: een half uur",
      ],
      "Een taalmodel ziet je bericht alleen als ik je antwoord geef of als de moderatie twijfelt. Berichten die mij niets aangaan worden niet bewaard.",
    ),
  file: "Stuur me wat je bewaart",
  forget: "Vergeet me",
  doNotRead: "Lees me niet",
  readAgain: "Lees me weer",
  fileHere: "Dit bewaar ik over je, als JSON (uitpakken met gunzip).",
  fileSent: "Ik heb je een bestand gestuurd in een privébericht.",
  fileAgain: (hours) =>
    `Je vroeg pas nog om je bestand; het staat in onze privéberichten. Elke ${hours} uur kan er een nieuw worden gemaakt.`,
  fileTooLarge: "Het is meer dan in een bestand op Discord past. Vraag het aan de beheerders van deze server.",
  cannotWrite:
    "Ik kan je niet schrijven. Sta privéberichten toe in de privacy-instellingen van deze server en druk nog eens op de knop.",
  busy: "Veel mensen vragen nu om hun bestand. Druk over een paar minuten nog eens op de knop.",
  forgotten:
    "Klaar. Ik heb onze gesprekken geleegd op elke server waar ik ben. Besluiten van de moderatie blijven tot hun termijn afloopt, omdat je er bezwaar tegen kunt maken.",
  isUnread:
    "Ik lees je niet: je berichten worden niet beantwoord en niet aan een taalmodel getoond. Alleen vaste regels tegen spam en oplichting kijken ernaar. Met /privacy verander je dat.",
  isRead: "Klaar. Ik antwoord weer als je iets vraagt.",
  optedOut: "Je vroeg me je niet te lezen, dus ik kan niet antwoorden. Met /privacy verander je dat.",
  authorOptedOut: "Wie dit schreef wil niet gelezen worden. Vraag het me in je eigen woorden, met /ask.",
};

const id: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Yang kusimpan tentangmu di server ini",
      [
        `yang kita tulis satu sama lain: ${turns} hari`,
        `pesanmu yang sempat kupertimbangkan untuk dijawab: ${silences} hari`,
        `yang ditemukan moderasi, jika ada: teksnya ${cases} hari`,
        "untuk pertanyaan lanjutan: setengah jam",
      ],
      "Model bahasa hanya melihat pesanmu saat aku menjawabmu atau saat moderasi ragu. Pesan yang bukan urusanku tidak disimpan.",
    ),
  file: "Kirim yang kamu simpan",
  forget: "Lupakan aku",
  doNotRead: "Jangan baca pesanku",
  readAgain: "Baca pesanku lagi",
  fileHere: "Ini yang kusimpan tentangmu, dalam JSON (buka dengan gunzip).",
  fileSent: "Aku sudah mengirimimu berkas lewat pesan langsung.",
  fileAgain: (hours) =>
    `Kamu baru saja meminta berkasmu; ada di pesan langsung kita. Yang baru bisa dibuat setiap ${hours} jam.`,
  fileTooLarge: "Isinya lebih dari yang muat dalam satu berkas di Discord. Mintalah ke admin server ini.",
  cannotWrite:
    "Aku tidak bisa mengirimimu pesan. Izinkan pesan langsung di pengaturan privasi server ini, lalu tekan tombolnya lagi.",
  busy: "Banyak orang sedang meminta berkasnya. Tekan tombolnya lagi dalam beberapa menit.",
  forgotten:
    "Selesai. Percakapan kita di semua server tempatku berada sudah dikosongkan. Keputusan moderasi tetap ada sampai waktunya habis, karena bisa diajukan banding.",
  isUnread:
    "Aku tidak membaca pesanmu: pesanmu tidak dijawab dan tidak ditunjukkan ke model bahasa. Hanya aturan tetap melawan spam dan penipuan yang melihatnya. Ubah dengan /privacy.",
  isRead: "Selesai. Aku akan menjawabmu lagi saat kamu bertanya.",
  optedOut: "Kamu memintaku tidak membaca pesanmu, jadi aku tidak bisa menjawab. Ubah dengan /privacy.",
  authorOptedOut: "Penulis pesan ini meminta agar tidak dibaca. Tanyakan dengan kata-katamu sendiri lewat /ask.",
};

const vi: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "Những gì mình lưu về bạn trong máy chủ này",
      [
        `những gì chúng ta đã viết cho nhau: ${turns} ngày`,
        `tin nhắn của bạn mà mình từng cân nhắc trả lời: ${silences} ngày`,
        `những gì kiểm duyệt tìm thấy, nếu có: nội dung ${cases} ngày`,
        "cho câu hỏi tiếp theo: nửa giờ",
      ],
      "Mô hình ngôn ngữ chỉ thấy tin nhắn của bạn khi mình trả lời bạn hoặc khi kiểm duyệt chưa chắc chắn. Tin nhắn không liên quan đến mình thì không được lưu.",
    ),
  file: "Gửi cho tôi những gì đã lưu",
  forget: "Hãy quên tôi",
  doNotRead: "Đừng đọc tin nhắn của tôi",
  readAgain: "Đọc lại tin nhắn của tôi",
  fileHere: "Đây là những gì mình lưu về bạn, dạng JSON (giải nén bằng gunzip).",
  fileSent: "Mình đã gửi tệp cho bạn qua tin nhắn riêng.",
  fileAgain: (hours) =>
    `Bạn vừa yêu cầu tệp cách đây không lâu; nó nằm trong tin nhắn riêng. Cứ ${hours} giờ có thể tạo tệp mới.`,
  fileTooLarge: "Dữ liệu nhiều hơn mức một tệp trên Discord chứa được. Hãy hỏi quản trị viên của máy chủ này.",
  cannotWrite:
    "Mình không nhắn cho bạn được. Hãy cho phép tin nhắn riêng trong cài đặt quyền riêng tư của máy chủ này rồi bấm lại nút.",
  busy: "Nhiều người đang yêu cầu tệp của họ. Hãy bấm lại nút sau vài phút.",
  forgotten:
    "Xong. Mình đã xóa nội dung trò chuyện của chúng ta ở mọi máy chủ có mình. Quyết định kiểm duyệt được giữ đến hết thời hạn vì có thể khiếu nại.",
  isUnread:
    "Mình không đọc tin nhắn của bạn: chúng không được trả lời và không được đưa cho mô hình ngôn ngữ. Chỉ các quy tắc cố định chống spam và lừa đảo xem chúng. Dùng /privacy để đổi.",
  isRead: "Xong. Mình sẽ lại trả lời khi bạn hỏi.",
  optedOut: "Bạn đã yêu cầu mình không đọc tin nhắn của bạn nên mình không thể trả lời. Dùng /privacy để đổi.",
  authorOptedOut: "Người viết tin này không muốn bị đọc. Hãy hỏi bằng lời của bạn với /ask.",
};

const ja: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "このサーバーであなたについて保存しているもの",
      [
        `やり取りした内容：${turns}日`,
        `返信を検討したあなたのメッセージ：${silences}日`,
        `モデレーションが見つけたもの（あれば）の本文：${cases}日`,
        "続きの質問のための記憶：30分",
      ],
      "言語モデルがあなたのメッセージを見るのは、私が返信するときと、モデレーションが判断に迷うときだけです。私に関係のないメッセージは保存しません。",
    ),
  file: "保存内容を受け取る",
  forget: "忘れてもらう",
  doNotRead: "メッセージを読まない",
  readAgain: "メッセージをまた読む",
  fileHere: "あなたについて保存している内容です（JSON、gunzipで展開できます）。",
  fileSent: "ダイレクトメッセージでファイルを送りました。",
  fileAgain: (hours) =>
    `少し前に送ったファイルがダイレクトメッセージにあります。新しいものは${hours}時間ごとに作れます。`,
  fileTooLarge: "Discordの1ファイルに収まらない量です。このサーバーの管理者に頼んでください。",
  cannotWrite:
    "メッセージを送れません。このサーバーのプライバシー設定でダイレクトメッセージを許可してから、もう一度ボタンを押してください。",
  busy: "いま多くの人がファイルを求めています。数分後にもう一度ボタンを押してください。",
  forgotten:
    "完了しました。私がいるすべてのサーバーで、私たちの会話を空にしました。モデレーションの決定は異議を申し立てられるため、期限まで残ります。",
  isUnread:
    "あなたのメッセージは読みません。返信もせず、言語モデルにも見せません。スパムや詐欺を防ぐ決まったルールだけが確認します。変更は /privacy でできます。",
  isRead: "わかりました。質問されたらまたお答えします。",
  optedOut: "読まないように頼まれているため、お答えできません。変更は /privacy でできます。",
  authorOptedOut: "これを書いた人は読まれることを望んでいません。/ask で自分の言葉で質問してください。",
};

const ko: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "이 서버에서 회원님에 대해 보관하는 것",
      [
        `서로 주고받은 말: ${turns}일`,
        `답변을 고려했던 회원님의 메시지: ${silences}일`,
        `모더레이션에서 발견된 것이 있다면 그 내용: ${cases}일`,
        "이어지는 질문을 위한 기억: 30분",
      ],
      "언어 모델은 제가 답할 때나 모더레이션이 확신하지 못할 때만 회원님의 메시지를 봐요. 저와 상관없는 메시지는 보관하지 않아요.",
    ),
  file: "보관 내용 받기",
  forget: "내 기록 잊기",
  doNotRead: "내 메시지 읽지 않기",
  readAgain: "내 메시지 다시 읽기",
  fileHere: "회원님에 대해 보관하고 있는 내용이에요(JSON, gunzip으로 풀 수 있어요).",
  fileSent: "다이렉트 메시지로 파일을 보냈어요.",
  fileAgain: (hours) => `얼마 전에 보낸 파일이 다이렉트 메시지에 있어요. 새 파일은 ${hours}시간마다 만들 수 있어요.`,
  fileTooLarge: "Discord 파일 하나에 담을 수 없을 만큼 많아요. 이 서버의 관리자에게 요청해 주세요.",
  cannotWrite:
    "메시지를 보낼 수 없어요. 이 서버의 개인정보 설정에서 다이렉트 메시지를 허용한 뒤 버튼을 다시 눌러 주세요.",
  busy: "지금 많은 사람이 파일을 요청하고 있어요. 몇 분 뒤에 버튼을 다시 눌러 주세요.",
  forgotten:
    "완료했어요. 제가 있는 모든 서버에서 우리 대화를 비웠어요. 모더레이션 결정은 이의를 제기할 수 있어서 기한까지 남아요.",
  isUnread:
    "회원님의 메시지를 읽지 않아요. 답하지도, 언어 모델에 보여 주지도 않아요. 스팸과 사기를 막는 고정 규칙만 확인해요. /privacy로 바꿀 수 있어요.",
  isRead: "완료했어요. 물어보면 다시 답할게요.",
  optedOut: "읽지 말아 달라고 하셔서 답할 수 없어요. /privacy로 바꿀 수 있어요.",
  authorOptedOut: "이 글을 쓴 사람은 자신의 글이 읽히는 것을 원하지 않아요. /ask로 직접 질문해 주세요.",
};

const zh: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "我在本服务器保存的关于你的内容",
      [
        `我们之间说过的话：${turns} 天`,
        `我考虑过要不要回复的你的消息：${silences} 天`,
        `审核发现的内容（如有）：${cases} 天`,
        "用于后续提问的记忆：半小时",
      ],
      "只有在我回复你，或审核拿不准时，语言模型才会看到你的消息。与我无关的消息不会保存。",
    ),
  file: "把保存的内容发给我",
  forget: "忘记我",
  doNotRead: "不要读我的消息",
  readAgain: "重新读我的消息",
  fileHere: "这是我保存的关于你的内容，JSON 格式（用 gunzip 解压）。",
  fileSent: "我已通过私信给你发送了一个文件。",
  fileAgain: (hours) => `你不久前要过文件，它在我们的私信里。每 ${hours} 小时可以生成一份新的。`,
  fileTooLarge: "内容超出了 Discord 单个文件的大小。请向本服务器的管理员索取。",
  cannotWrite: "我无法给你发消息。请在本服务器的隐私设置中允许私信，然后再按一次按钮。",
  busy: "现在有很多人在索取文件。请几分钟后再按一次按钮。",
  forgotten: "完成。我已清空我们在我所在的所有服务器中的对话。审核的决定可以申诉，因此会保留到期限结束。",
  isUnread: "我不读你的消息：既不回复，也不交给语言模型。只有防垃圾信息和诈骗的固定规则会查看。用 /privacy 可以更改。",
  isRead: "完成。你提问时我会再次回答。",
  optedOut: "你要求我不读你的消息，所以我无法回答。用 /privacy 可以更改。",
  authorOptedOut: "写这条消息的人不希望被读取。请用 /ask 以自己的话提问。",
};

const ar: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "ما أحتفظ به عنك في هذا الخادم",
      [
        `ما كتبناه لبعضنا: ${turns} يومًا`,
        `رسائلك التي فكرت في الرد عليها: ${silences} يومًا`,
        `ما وجده الإشراف إن وجد شيئًا: نصه ${cases} يومًا`,
        "لأسئلة المتابعة: نصف ساعة",
      ],
      "لا يرى نموذج اللغة رسالتك إلا عندما أرد عليك أو عندما لا يكون الإشراف متأكدًا. الرسائل التي لا تعنيني لا تُحفظ.",
    ),
  file: "أرسل لي ما تحتفظ به",
  forget: "انسني",
  doNotRead: "لا تقرأ رسائلي",
  readAgain: "اقرأ رسائلي من جديد",
  fileHere: "هذا ما أحتفظ به عنك بصيغة JSON (افتحه بـ gunzip).",
  fileSent: "أرسلت لك ملفًا في رسالة خاصة.",
  fileAgain: (hours) => `طلبت ملفك قبل قليل، وهو في رسائلنا الخاصة. يمكن إنشاء ملف جديد كل ${hours} ساعة.`,
  fileTooLarge: "المحتوى أكبر مما يتسع له ملف على Discord. اطلبه من مشرفي هذا الخادم.",
  cannotWrite: "لا أستطيع مراسلتك. اسمح بالرسائل الخاصة في إعدادات خصوصية هذا الخادم ثم اضغط الزر مرة أخرى.",
  busy: "كثيرون يطلبون ملفاتهم الآن. اضغط الزر مرة أخرى بعد بضع دقائق.",
  forgotten:
    "تم. أفرغت محادثاتنا في كل خادم أنا فيه. أما قرارات الإشراف فتبقى حتى تنتهي مدتها لأنه يمكن الاعتراض عليها.",
  isUnread:
    "أنا لا أقرأ رسائلك: لا أرد عليها ولا تُعرض على نموذج لغة. لا تفحصها إلا قواعد ثابتة ضد الرسائل المزعجة والاحتيال. يمكنك تغيير ذلك بـ /privacy.",
  isRead: "تم. سأجيبك من جديد عندما تسأل.",
  optedOut: "طلبت مني ألا أقرأ رسائلك، لذا لا أستطيع الرد. يمكنك تغيير ذلك بـ /privacy.",
  authorOptedOut: "من كتب هذا طلب ألا أقرأ رسائله. اسألني بكلماتك أنت عبر /ask.",
};

const hi: PrivacyLines = {
  kept: (turns, silences, cases) =>
    list(
      "इस सर्वर में मैं आपके बारे में क्या रखता हूँ",
      [
        `जो हमने एक-दूसरे को लिखा: ${turns} दिन`,
        `आपके संदेश जिनका जवाब देने के बारे में मैंने सोचा: ${silences} दिन`,
        `मॉडरेशन को कुछ मिला हो तो उसका पाठ: ${cases} दिन`,
        "आगे के सवालों के लिए: आधा घंटा",
      ],
      "भाषा मॉडल आपका संदेश तभी देखता है जब मैं आपको जवाब देता हूँ या मॉडरेशन को यकीन नहीं होता। जो संदेश मुझसे जुड़े नहीं हैं, वे नहीं रखे जाते।",
    ),
  file: "जो रखा है, मुझे भेजें",
  forget: "मुझे भूल जाएँ",
  doNotRead: "मेरे संदेश न पढ़ें",
  readAgain: "मेरे संदेश फिर पढ़ें",
  fileHere: "मैं आपके बारे में यह रखता हूँ, JSON में (gunzip से खोलें)।",
  fileSent: "मैंने आपको सीधे संदेश में एक फ़ाइल भेजी है।",
  fileAgain: (hours) => `आपने हाल ही में फ़ाइल माँगी थी; वह हमारे सीधे संदेशों में है। नई फ़ाइल हर ${hours} घंटे में बन सकती है।`,
  fileTooLarge: "यह Discord की एक फ़ाइल में आने से ज़्यादा है। कृपया इस सर्वर के एडमिन से माँगें।",
  cannotWrite: "मैं आपको लिख नहीं सकता। इस सर्वर की गोपनीयता सेटिंग में सीधे संदेशों की अनुमति दें, फिर बटन दोबारा दबाएँ।",
  busy: "अभी बहुत लोग अपनी फ़ाइल माँग रहे हैं। कृपया कुछ मिनट बाद बटन फिर दबाएँ।",
  forgotten:
    "हो गया। मैं जिन सर्वरों में हूँ, उन सब में हमारी बातचीत खाली कर दी है। मॉडरेशन के फ़ैसले समय पूरा होने तक रहते हैं, क्योंकि उन पर अपील हो सकती है।",
  isUnread:
    "मैं आपके संदेश नहीं पढ़ता: उनका न जवाब दिया जाता है, न वे भाषा मॉडल को दिखाए जाते हैं। केवल स्पैम और धोखाधड़ी के ख़िलाफ़ तय नियम उन्हें देखते हैं। इसे /privacy से बदल सकते हैं।",
  isRead: "हो गया। पूछने पर मैं फिर जवाब दूँगा।",
  optedOut: "आपने अपने संदेश न पढ़ने को कहा था, इसलिए मैं जवाब नहीं दे सकता। इसे /privacy से बदल सकते हैं।",
  authorOptedOut: "जिसने यह लिखा, वह नहीं चाहता कि इसे पढ़ा जाए। /ask से अपने शब्दों में पूछें।",
};

export const PRIVACY_LINES: Readonly<Record<string, PrivacyLines>> = {
  ...{ es, pt, fr, de, ru, uk, it, pl, nl, id, vi, ja, ko, zh, ar, hi, ms: id },
};
