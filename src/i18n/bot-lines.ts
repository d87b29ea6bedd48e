/**
 * The bot's own lines in the languages most spoken on Discord, beside English and Turkish (en.ts, tr.ts). Each sentence was
 * read for a polite, informal tone, the form in which a community speaks to its members. What a language lacks is English.
 */
import type { BotWords } from "../i18n.ts";
import { PRIVACY_LINES } from "./privacy-lines.ts";

type Lines = Partial<Omit<BotWords, "refused" | "privacy">> & { readonly refused?: Partial<BotWords["refused"]> };

const es: Lines = {
  notInKnowledge: "No he encontrado eso en la base de conocimientos de este servidor.",
  emptyKnowledge:
    "Todavía no tengo una base de conocimientos con la que responder. Un administrador puede añadirla en el panel.",
  quoted: "Esto dice la base de conocimientos:",
  sources: "Fuentes",
  source: "Fuente",
  marked: "He marcado esta conversación para el equipo: verán que quieres hablar con una persona.",
  markedBefore: "Esta conversación ya está marcada para el equipo. Pueden ver que quieres hablar con una persona.",
  askInServer: "No sé de qué servidor trata tu pregunta. Pregúntame allí, mencionándome en un canal.",
  askSomething: "¿En qué puedo ayudarte? Mencióname junto con tu pregunta.",
  welcome: "¡De nada!",
  doingWell: "¡Estoy bien, gracias por preguntar! ¿En qué puedo ayudarte?",
  insulted: "Siento no haber sido de ayuda. Dime qué necesitas, o di que quieres hablar con una persona.",
  failed: "Algo ha fallado por mi parte. Inténtalo de nuevo en un minuto, por favor.",
  linkRemoved: "[enlace eliminado]",
  inviteRemoved: "[invitación eliminada]",
  off: "Estoy desactivado en este canal.",
  agentHolds: "Alguien del equipo se está ocupando de esta conversación. Te responderá aquí.",
  forgotten: "Hecho. He olvidado lo que hablamos en este servidor.",
  thanksUp: "¡Gracias! Me alegro de que haya servido.",
  thanksDown: "Gracias por avisar. Siento que no haya servido; el equipo puede verlo.",
  unknownCommand: "No conozco este comando. Puede que sea de una versión anterior de mí.",
  nothingToAsk: "En este mensaje no hay texto que pueda responder.",
  helpful: "Útil",
  notHelpful: "No es útil",
  knowledgeLoading: "Todavía estoy leyendo la base de conocimientos de este servidor. Vuelve a preguntar en un minuto.",
  refused: {
    quota:
      "Los mensajes de este mes de este servidor se han agotado, así que no puedo responder hasta el próximo. Un administrador ve más en el panel.",
    "plan-without-discord":
      "El plan de este servidor no incluye respuestas en Discord. Un administrador puede cambiarlo en el panel.",
    "member-limit": "Me has preguntado mucho en la última hora. Dame un poco de tiempo y pregunta más tarde.",
    "channel-limit": "Hay muchísimas preguntas en este canal ahora mismo. Vuelve a preguntar en un minuto.",
    "cost-limit": "He llegado a lo que este servidor puede gastar hoy. Pregunta de nuevo mañana.",
    "member-busy": "Todavía estoy con lo que me preguntaste antes. Vuelve a preguntar en un minuto, por favor.",
    "server-busy": "Hay muchísimas preguntas en espera en este servidor. Vuelve a preguntar en un minuto, por favor.",
  },
  cannotReadAbove:
    "No puedo leer el mensaje al que te refieres. Escribe aquí la pregunta, o da a mi rol el permiso de leer el historial de mensajes.",
  teamAway: "El equipo no tiene horario fijo; responde en cuanto hay alguien.",
  notTold:
    "He anotado que quieres hablar con una persona, pero en este servidor el equipo no recibe avisos. Escribe tú a alguien del equipo, por favor.",
  person: "Hablar con una persona",
  pressedPerson: "(pulsó «Hablar con una persona»)",
  takenBy: "Otra persona del equipo ya lleva esta conversación.",
  notTeam: "Solo el equipo puede hacerse cargo de conversaciones.",
  notSetUp:
    "No estoy configurado para este servidor. Un administrador puede añadirme en la página de configuración del panel.",
};

const pt: Lines = {
  notInKnowledge: "Não encontrei isso na base de conhecimento deste servidor.",
  emptyKnowledge:
    "Ainda não tenho uma base de conhecimento para responder. Um administrador pode adicioná-la no painel.",
  quoted: "A base de conhecimento diz o seguinte:",
  sources: "Fontes",
  source: "Fonte",
  marked: "Marquei esta conversa para a equipe: eles verão que você quer falar com uma pessoa.",
  markedBefore: "Esta conversa já está marcada para a equipe. Eles podem ver que você quer falar com uma pessoa.",
  askInServer: "Não sei de qual servidor é a sua pergunta. Pergunte lá, me mencionando em um canal.",
  askSomething: "Como posso ajudar? Me mencione junto com a sua pergunta.",
  welcome: "De nada!",
  doingWell: "Estou bem, obrigado por perguntar! Como posso ajudar?",
  insulted: "Sinto muito por não ter ajudado. Diga do que você precisa, ou diga que quer falar com uma pessoa.",
  failed: "Algo deu errado do meu lado. Tente de novo em um minuto, por favor.",
  linkRemoved: "[link removido]",
  inviteRemoved: "[convite removido]",
  off: "Estou desativado neste canal.",
  agentHolds: "Alguém da equipe está cuidando desta conversa e vai responder aqui.",
  forgotten: "Pronto. Esqueci o que conversamos neste servidor.",
  thanksUp: "Obrigado! Que bom que ajudou.",
  thanksDown: "Obrigado por avisar. Sinto muito por não ter ajudado; a equipe pode ver isso.",
  unknownCommand: "Não conheço este comando. Talvez seja de uma versão mais antiga minha.",
  nothingToAsk: "Não há texto nesta mensagem que eu possa responder.",
  helpful: "Útil",
  notHelpful: "Não é útil",
  knowledgeLoading: "Ainda estou lendo a base de conhecimento deste servidor. Pergunte de novo em um minuto.",
  refused: {
    quota:
      "As mensagens deste servidor neste mês acabaram, então só posso responder no próximo. Um administrador vê mais no painel.",
    "plan-without-discord":
      "O plano deste servidor não inclui respostas no Discord. Um administrador pode mudar isso no painel.",
    "member-limit": "Você me perguntou muito na última hora. Me dê um tempinho e pergunte mais tarde.",
    "channel-limit": "Há perguntas demais neste canal agora. Pergunte de novo em um minuto.",
    "cost-limit": "Atingi o que este servidor pode gastar hoje. Pergunte de novo amanhã.",
    "member-busy": "Ainda estou cuidando do que você perguntou antes. Pergunte de novo em um minuto, por favor.",
    "server-busy": "Há perguntas demais na fila deste servidor agora. Pergunte de novo em um minuto, por favor.",
  },
  cannotReadAbove:
    "Não consigo ler a mensagem a que você se refere. Escreva a pergunta aqui, ou dê ao meu cargo a permissão de ver o histórico de mensagens.",
  teamAway: "A equipe não tem horário fixo; ela responde assim que alguém estiver aqui.",
  notTold:
    "Anotei que você quer falar com uma pessoa, mas neste servidor a equipe não recebe avisos. Por favor, escreva você mesmo para alguém da equipe.",
  person: "Falar com uma pessoa",
  pressedPerson: "(clicou em “Falar com uma pessoa”)",
  takenBy: "Outra pessoa da equipe já está com esta conversa.",
  notTeam: "Só a equipe pode assumir conversas.",
  notSetUp:
    "Não estou configurado para este servidor. Um administrador pode me adicionar na página de configuração do painel.",
};

const fr: Lines = {
  notInKnowledge: "Je n'ai pas trouvé cela dans la base de connaissances de ce serveur.",
  emptyKnowledge:
    "Je n'ai pas encore de base de connaissances pour répondre. Un administrateur peut en ajouter une dans le tableau de bord.",
  quoted: "Voici ce que dit la base de connaissances :",
  sources: "Sources",
  source: "Source",
  marked: "J'ai signalé cette conversation à l'équipe : elle verra que tu souhaites parler à une personne.",
  markedBefore:
    "Cette conversation est déjà signalée à l'équipe. Elle peut voir que tu souhaites parler à une personne.",
  askInServer: "Je ne sais pas quel serveur ta question concerne. Pose-la-moi là-bas, en me mentionnant dans un salon.",
  askSomething: "Comment puis-je t'aider ? Mentionne-moi avec ta question.",
  welcome: "De rien !",
  doingWell: "Je vais bien, merci ! Comment puis-je t'aider ?",
  insulted:
    "Désolé de ne pas avoir pu t'aider. Dis-moi ce dont tu as besoin, ou dis que tu veux parler à une personne.",
  failed: "Un problème est survenu de mon côté. Réessaie dans une minute, s'il te plaît.",
  linkRemoved: "[lien retiré]",
  inviteRemoved: "[invitation retirée]",
  off: "Je suis désactivé dans ce salon.",
  agentHolds: "Quelqu'un de l'équipe s'occupe de cette conversation et te répondra ici.",
  forgotten: "C'est fait. J'ai oublié ce dont nous avons parlé sur ce serveur.",
  thanksUp: "Merci ! Content que cela ait aidé.",
  thanksDown: "Merci de nous le dire. Désolé que cela n'ait pas aidé ; l'équipe peut le voir.",
  unknownCommand: "Je ne connais pas cette commande. Elle vient peut-être d'une ancienne version de moi.",
  nothingToAsk: "Ce message ne contient aucun texte auquel je puisse répondre.",
  helpful: "Utile",
  notHelpful: "Pas utile",
  knowledgeLoading: "Je lis encore la base de connaissances de ce serveur. Repose ta question dans une minute.",
  refused: {
    quota:
      "Les messages de ce serveur pour ce mois sont épuisés, je ne peux donc pas répondre avant le mois prochain. Un administrateur en voit plus dans le tableau de bord.",
    "plan-without-discord":
      "L'offre de ce serveur ne comprend pas les réponses dans Discord. Un administrateur peut la changer dans le tableau de bord.",
    "member-limit":
      "Tu m'as posé beaucoup de questions cette dernière heure. Laisse-moi un peu de temps et redemande plus tard.",
    "channel-limit": "Il y a énormément de questions dans ce salon en ce moment. Repose la tienne dans une minute.",
    "cost-limit": "J'ai atteint ce que ce serveur peut dépenser aujourd'hui. Redemande demain.",
    "member-busy": "Je m'occupe encore de tes questions précédentes. Redemande dans une minute, s'il te plaît.",
    "server-busy":
      "Beaucoup de questions attendent sur ce serveur en ce moment. Redemande dans une minute, s'il te plaît.",
  },
  cannotReadAbove:
    "Je ne peux pas lire le message dont tu parles. Écris la question ici, ou donne à mon rôle la permission de voir l'historique des messages.",
  teamAway: "L'équipe n'a pas d'horaires fixes ; elle répond dès que quelqu'un est là.",
  notTold:
    "J'ai noté que tu souhaites parler à une personne, mais sur ce serveur l'équipe n'est pas prévenue. Écris toi-même à quelqu'un de l'équipe, s'il te plaît.",
  person: "Parler à une personne",
  pressedPerson: "(a appuyé sur « Parler à une personne »)",
  takenBy: "Quelqu'un d'autre de l'équipe a déjà cette conversation.",
  notTeam: "Seule l'équipe peut reprendre des conversations.",
  notSetUp:
    "Je ne suis pas configuré pour ce serveur. Un administrateur peut m'ajouter sur la page de configuration du tableau de bord.",
};

const de: Lines = {
  notInKnowledge: "Das habe ich in der Wissensdatenbank dieses Servers nicht gefunden.",
  emptyKnowledge:
    "Ich habe noch keine Wissensdatenbank, aus der ich antworten kann. Ein Admin kann sie im Dashboard füllen.",
  quoted: "In der Wissensdatenbank steht:",
  sources: "Quellen",
  source: "Quelle",
  marked: "Ich habe dieses Gespräch für das Team markiert: Es sieht, dass du mit einem Menschen sprechen möchtest.",
  markedBefore:
    "Dieses Gespräch ist schon für das Team markiert. Es sieht, dass du mit einem Menschen sprechen möchtest.",
  askInServer:
    "Ich weiß nicht, um welchen Server es geht. Bitte frag mich dort, indem du mich in einem Kanal erwähnst.",
  askSomething: "Wie kann ich helfen? Erwähne mich zusammen mit deiner Frage.",
  welcome: "Gern geschehen!",
  doingWell: "Mir geht es gut, danke der Nachfrage! Wobei kann ich helfen?",
  insulted:
    "Tut mir leid, dass ich nicht helfen konnte. Sag mir, was du brauchst, oder dass du mit einem Menschen sprechen möchtest.",
  failed: "Bei mir ist etwas schiefgegangen. Bitte versuche es in einer Minute noch einmal.",
  linkRemoved: "[Link entfernt]",
  inviteRemoved: "[Einladung entfernt]",
  off: "In diesem Kanal bin ich ausgeschaltet.",
  agentHolds: "Jemand aus dem Team kümmert sich um dieses Gespräch und antwortet dir hier.",
  forgotten: "Erledigt. Ich habe vergessen, worüber wir auf diesem Server gesprochen haben.",
  thanksUp: "Danke! Schön, dass es geholfen hat.",
  thanksDown: "Danke für die Rückmeldung. Schade, dass es nicht geholfen hat; das Team kann es sehen.",
  unknownCommand: "Diesen Befehl kenne ich nicht. Vielleicht stammt er von einer älteren Version von mir.",
  nothingToAsk: "In dieser Nachricht steht kein Text, den ich beantworten könnte.",
  helpful: "Hilfreich",
  notHelpful: "Nicht hilfreich",
  knowledgeLoading: "Ich lese die Wissensdatenbank dieses Servers noch. Bitte frag in einer Minute noch einmal.",
  refused: {
    quota:
      "Die Nachrichten dieses Servers für diesen Monat sind aufgebraucht, darum kann ich erst im nächsten wieder antworten. Mehr sieht ein Admin im Dashboard.",
    "plan-without-discord":
      "Der Tarif dieses Servers enthält keine Antworten in Discord. Ein Admin kann ihn im Dashboard ändern.",
    "member-limit":
      "Du hast mich in der letzten Stunde sehr viel gefragt. Gib mir bitte etwas Zeit und frag später noch einmal.",
    "channel-limit": "In diesem Kanal sind gerade sehr viele Fragen. Bitte frag in einer Minute noch einmal.",
    "cost-limit": "Ich habe erreicht, was dieser Server heute ausgeben darf. Bitte frag morgen noch einmal.",
    "member-busy": "Ich bin noch mit deinen vorigen Fragen beschäftigt. Bitte frag in einer Minute noch einmal.",
    "server-busy": "Auf diesem Server warten gerade sehr viele Fragen. Bitte frag in einer Minute noch einmal.",
  },
  cannotReadAbove:
    "Ich kann die Nachricht, die du meinst, nicht lesen. Schreib die Frage hierher, oder gib meiner Rolle das Recht, den Nachrichtenverlauf zu lesen.",
  teamAway: "Das Team hat keine festen Zeiten; es antwortet, sobald jemand da ist.",
  notTold:
    "Ich habe vermerkt, dass du mit einem Menschen sprechen möchtest, aber auf diesem Server wird das Team nicht benachrichtigt. Bitte schreib selbst jemandem aus dem Team.",
  person: "Mit einem Menschen sprechen",
  pressedPerson: "(hat „Mit einem Menschen sprechen“ gedrückt)",
  takenBy: "Jemand anders aus dem Team hat dieses Gespräch schon.",
  notTeam: "Nur das Team kann Gespräche übernehmen.",
  notSetUp:
    "Ich bin für diesen Server nicht eingerichtet. Ein Admin kann mich auf der Einrichtungsseite des Dashboards hinzufügen.",
};

const ru: Lines = {
  notInKnowledge: "Я не нашёл этого в базе знаний этого сервера.",
  emptyKnowledge: "У меня пока нет базы знаний для ответов. Администратор может заполнить её в панели управления.",
  quoted: "Вот что сказано в базе знаний:",
  sources: "Источники",
  source: "Источник",
  marked: "Я отметил этот разговор для команды: они увидят, что ты хочешь поговорить с человеком.",
  markedBefore: "Этот разговор уже отмечен для команды. Они видят, что ты хочешь поговорить с человеком.",
  askInServer: "Я не знаю, к какому серверу относится твой вопрос. Спроси меня там, упомянув меня в канале.",
  askSomething: "Чем я могу помочь? Упомяни меня вместе со своим вопросом.",
  welcome: "Пожалуйста!",
  doingWell: "У меня всё хорошо, спасибо! Чем могу помочь?",
  insulted: "Жаль, что я не смог помочь. Напиши, что тебе нужно, или скажи, что хочешь поговорить с человеком.",
  failed: "У меня что-то пошло не так. Попробуй ещё раз через минуту.",
  linkRemoved: "[ссылка удалена]",
  inviteRemoved: "[приглашение удалено]",
  off: "В этом канале я выключен.",
  agentHolds: "Этим разговором занимается кто-то из команды. Тебе ответят здесь.",
  forgotten: "Готово. Я забыл, о чём мы говорили на этом сервере.",
  thanksUp: "Спасибо! Рад, что это помогло.",
  thanksDown: "Спасибо, что сообщаешь. Жаль, что это не помогло; команда это увидит.",
  unknownCommand: "Я не знаю этой команды. Возможно, она от моей старой версии.",
  nothingToAsk: "В этом сообщении нет текста, на который я мог бы ответить.",
  helpful: "Полезно",
  notHelpful: "Не помогло",
  knowledgeLoading: "Я ещё читаю базу знаний этого сервера. Спроси ещё раз через минуту.",
  refused: {
    quota:
      "Сообщения этого сервера на этот месяц закончились, поэтому я смогу отвечать только в следующем. Подробнее администратор увидит в панели управления.",
    "plan-without-discord":
      "Тариф этого сервера не включает ответы в Discord. Администратор может изменить его в панели управления.",
    "member-limit": "Ты много спрашивал меня за последний час. Дай мне немного времени и спроси позже.",
    "channel-limit": "В этом канале сейчас очень много вопросов. Спроси ещё раз через минуту.",
    "cost-limit": "Я достиг того, что этот сервер может потратить сегодня. Спроси ещё раз завтра.",
    "member-busy": "Я ещё занят твоими предыдущими вопросами. Спроси ещё раз через минуту.",
    "server-busy": "На этом сервере сейчас ждёт очень много вопросов. Спроси ещё раз через минуту.",
  },
  cannotReadAbove:
    "Я не могу прочитать сообщение, о котором ты говоришь. Напиши вопрос здесь или дай моей роли право читать историю сообщений.",
  teamAway: "У команды нет фиксированных часов; она ответит, как только кто-нибудь появится.",
  notTold:
    "Я отметил, что ты хочешь поговорить с человеком, но на этом сервере команда не получает уведомлений. Пожалуйста, напиши кому-нибудь из команды напрямую.",
  person: "Поговорить с человеком",
  pressedPerson: "(нажал(а) «Поговорить с человеком»)",
  takenBy: "Этот разговор уже ведёт кто-то другой из команды.",
  notTeam: "Брать разговоры может только команда.",
  notSetUp:
    "Я не настроен для этого сервера. Администратор может добавить меня на странице настройки в панели управления.",
};

const uk: Lines = {
  notInKnowledge: "Я не знайшов цього в базі знань цього сервера.",
  emptyKnowledge: "У мене поки немає бази знань для відповідей. Адміністратор може заповнити її в панелі керування.",
  quoted: "Ось що сказано в базі знань:",
  sources: "Джерела",
  source: "Джерело",
  marked: "Я позначив цю розмову для команди: вони побачать, що ти хочеш поговорити з людиною.",
  markedBefore: "Ця розмова вже позначена для команди. Вони бачать, що ти хочеш поговорити з людиною.",
  askInServer: "Я не знаю, якого сервера стосується твоє запитання. Запитай мене там, згадавши мене в каналі.",
  askSomething: "Чим я можу допомогти? Згадай мене разом зі своїм запитанням.",
  welcome: "Будь ласка!",
  doingWell: "У мене все добре, дякую! Чим можу допомогти?",
  insulted: "Шкода, що я не зміг допомогти. Напиши, що тобі потрібно, або скажи, що хочеш поговорити з людиною.",
  failed: "У мене щось пішло не так. Спробуй ще раз за хвилину.",
  linkRemoved: "[посилання вилучено]",
  inviteRemoved: "[запрошення вилучено]",
  off: "У цьому каналі мене вимкнено.",
  agentHolds: "Цією розмовою опікується хтось із команди. Тобі відповідять тут.",
  forgotten: "Готово. Я забув, про що ми говорили на цьому сервері.",
  thanksUp: "Дякую! Радий, що це допомогло.",
  thanksDown: "Дякую, що повідомляєш. Шкода, що це не допомогло; команда це побачить.",
  unknownCommand: "Я не знаю цієї команди. Можливо, вона від моєї старої версії.",
  nothingToAsk: "У цьому повідомленні немає тексту, на який я міг би відповісти.",
  helpful: "Корисно",
  notHelpful: "Не допомогло",
  knowledgeLoading: "Я ще читаю базу знань цього сервера. Запитай ще раз за хвилину.",
  refused: {
    quota:
      "Повідомлення цього сервера на цей місяць закінчилися, тож я зможу відповідати лише наступного. Більше адміністратор побачить у панелі керування.",
    "plan-without-discord":
      "Тариф цього сервера не включає відповідей у Discord. Адміністратор може змінити його в панелі керування.",
    "member-limit": "За останню годину в тебе було багато запитань. Дай мені трохи часу і запитай пізніше.",
    "channel-limit": "У цьому каналі зараз дуже багато запитань. Запитай ще раз за хвилину.",
    "cost-limit": "Я досяг того, що цей сервер може витратити сьогодні. Запитай ще раз завтра.",
    "member-busy": "Я ще зайнятий твоїми попередніми запитаннями. Запитай ще раз за хвилину.",
    "server-busy": "На цьому сервері зараз чекає дуже багато запитань. Запитай ще раз за хвилину.",
  },
  cannotReadAbove:
    "Я не можу прочитати повідомлення, про яке ти говориш. Напиши запитання тут або дай моїй ролі право читати історію повідомлень.",
  teamAway: "Команда не має сталих годин; вона відповість, щойно хтось з'явиться.",
  notTold:
    "Я позначив, що ти хочеш поговорити з людиною, але на цьому сервері команда не отримує сповіщень. Будь ласка, напиши комусь із команди напряму.",
  person: "Поговорити з людиною",
  pressedPerson: "(натиснуто «Поговорити з людиною»)",
  takenBy: "Цю розмову вже веде хтось інший із команди.",
  notTeam: "Брати розмови може лише команда.",
  notSetUp:
    "Мене не налаштовано для цього сервера. Адміністратор може додати мене на сторінці налаштування в панелі керування.",
};

const it: Lines = {
  notInKnowledge: "Non l'ho trovato nella base di conoscenza di questo server.",
  emptyKnowledge:
    "Non ho ancora una base di conoscenza da cui rispondere. Un amministratore può aggiungerla nel pannello.",
  quoted: "Ecco cosa dice la base di conoscenza:",
  sources: "Fonti",
  source: "Fonte",
  marked: "Ho segnalato questa conversazione al team: vedranno che vuoi parlare con una persona.",
  markedBefore: "Questa conversazione è già segnalata al team. Vedono che vuoi parlare con una persona.",
  askInServer: "Non so a quale server si riferisce la tua domanda. Chiedimelo lì, menzionandomi in un canale.",
  askSomething: "Come posso aiutarti? Menzionami insieme alla tua domanda.",
  welcome: "Prego!",
  doingWell: "Sto bene, grazie! Come posso aiutarti?",
  insulted: "Mi dispiace di non essere stato d'aiuto. Dimmi di cosa hai bisogno, o che vuoi parlare con una persona.",
  failed: "Qualcosa è andato storto da parte mia. Riprova tra un minuto, per favore.",
  linkRemoved: "[link rimosso]",
  inviteRemoved: "[invito rimosso]",
  off: "In questo canale sono disattivato.",
  agentHolds: "Qualcuno del team si sta occupando di questa conversazione e ti risponderà qui.",
  forgotten: "Fatto. Ho dimenticato ciò di cui abbiamo parlato in questo server.",
  thanksUp: "Grazie! Sono contento che sia stato utile.",
  thanksDown: "Grazie per avercelo detto. Mi dispiace che non sia stato utile; il team può vederlo.",
  unknownCommand: "Non conosco questo comando. Forse è di una mia versione precedente.",
  nothingToAsk: "In questo messaggio non c'è testo a cui possa rispondere.",
  helpful: "Utile",
  notHelpful: "Non utile",
  knowledgeLoading: "Sto ancora leggendo la base di conoscenza di questo server. Chiedi di nuovo tra un minuto.",
  refused: {
    quota:
      "I messaggi di questo server per questo mese sono finiti, quindi potrò rispondere solo dal prossimo. Un amministratore vede di più nel pannello.",
    "plan-without-discord":
      "Il piano di questo server non comprende risposte su Discord. Un amministratore può cambiarlo nel pannello.",
    "member-limit": "Nell'ultima ora mi hai chiesto molto. Dammi un po' di tempo e chiedi più tardi.",
    "channel-limit": "Ci sono moltissime domande in questo canale adesso. Chiedi di nuovo tra un minuto.",
    "cost-limit": "Ho raggiunto quanto questo server può spendere oggi. Chiedi di nuovo domani.",
    "member-busy": "Mi sto ancora occupando di quello che hai chiesto prima. Chiedi di nuovo tra un minuto.",
    "server-busy": "Ci sono moltissime domande in attesa su questo server. Chiedi di nuovo tra un minuto.",
  },
  cannotReadAbove:
    "Non riesco a leggere il messaggio a cui ti riferisci. Scrivi qui la domanda, o dai al mio ruolo il permesso di leggere la cronologia dei messaggi.",
  teamAway: "Il team non ha orari fissi; risponde appena c'è qualcuno.",
  notTold:
    "Ho annotato che vuoi parlare con una persona, ma su questo server il team non viene avvisato. Per favore, scrivi tu a qualcuno del team.",
  person: "Parla con una persona",
  pressedPerson: "(ha premuto «Parla con una persona»)",
  takenBy: "Un'altra persona del team segue già questa conversazione.",
  notTeam: "Solo il team può prendere in carico le conversazioni.",
  notSetUp:
    "Non sono configurato per questo server. Un amministratore può aggiungermi nella pagina di configurazione del pannello.",
};

const pl: Lines = {
  notInKnowledge: "Nie znalazłem tego w bazie wiedzy tego serwera.",
  emptyKnowledge: "Nie mam jeszcze bazy wiedzy, z której mógłbym odpowiadać. Administrator może ją dodać w panelu.",
  quoted: "Oto co mówi baza wiedzy:",
  sources: "Źródła",
  source: "Źródło",
  marked: "Oznaczyłem tę rozmowę dla zespołu: zobaczą, że chcesz porozmawiać z człowiekiem.",
  markedBefore: "Ta rozmowa jest już oznaczona dla zespołu. Widzą, że chcesz porozmawiać z człowiekiem.",
  askInServer: "Nie wiem, którego serwera dotyczy twoje pytanie. Zapytaj mnie tam, wspominając mnie na kanale.",
  askSomething: "W czym mogę pomóc? Wspomnij mnie razem ze swoim pytaniem.",
  welcome: "Nie ma za co!",
  doingWell: "U mnie wszystko dobrze, dzięki! W czym mogę pomóc?",
  insulted: "Przykro mi, że nie pomogłem. Napisz, czego potrzebujesz, albo że chcesz porozmawiać z człowiekiem.",
  failed: "Coś poszło nie tak po mojej stronie. Spróbuj ponownie za minutę.",
  linkRemoved: "[link usunięty]",
  inviteRemoved: "[zaproszenie usunięte]",
  off: "Na tym kanale jestem wyłączony.",
  agentHolds: "Ktoś z zespołu zajmuje się tą rozmową i odpowie ci tutaj.",
  forgotten: "Gotowe. Zapomniałem, o czym rozmawialiśmy na tym serwerze.",
  thanksUp: "Dzięki! Cieszę się, że to pomogło.",
  thanksDown: "Dzięki za informację. Przykro mi, że to nie pomogło; zespół to zobaczy.",
  unknownCommand: "Nie znam tego polecenia. Może pochodzić z mojej starszej wersji.",
  nothingToAsk: "W tej wiadomości nie ma tekstu, na który mógłbym odpowiedzieć.",
  helpful: "Pomocne",
  notHelpful: "Niepomocne",
  knowledgeLoading: "Wciąż czytam bazę wiedzy tego serwera. Zapytaj ponownie za minutę.",
  refused: {
    quota:
      "Wiadomości tego serwera na ten miesiąc się skończyły, więc odpowiem dopiero w następnym. Administrator zobaczy więcej w panelu.",
    "plan-without-discord":
      "Plan tego serwera nie obejmuje odpowiedzi na Discordzie. Administrator może go zmienić w panelu.",
    "member-limit": "W ostatniej godzinie padło od ciebie dużo pytań. Daj mi chwilę i zapytaj później.",
    "channel-limit": "Na tym kanale jest teraz bardzo dużo pytań. Zapytaj ponownie za minutę.",
    "cost-limit": "Wykorzystałem to, co ten serwer może dziś wydać. Zapytaj ponownie jutro.",
    "member-busy": "Wciąż zajmuję się twoimi poprzednimi pytaniami. Zapytaj ponownie za minutę.",
    "server-busy": "Na tym serwerze czeka teraz bardzo dużo pytań. Zapytaj ponownie za minutę.",
  },
  cannotReadAbove:
    "Nie mogę przeczytać wiadomości, o którą ci chodzi. Napisz pytanie tutaj albo daj mojej roli prawo do czytania historii wiadomości.",
  teamAway: "Zespół nie ma stałych godzin; odpowie, gdy tylko ktoś się pojawi.",
  notTold:
    "Zapisałem, że chcesz porozmawiać z człowiekiem, ale na tym serwerze zespół nie dostaje powiadomień. Napisz, proszę, do kogoś z zespołu bezpośrednio.",
  person: "Porozmawiaj z człowiekiem",
  pressedPerson: "(naciśnięto „Porozmawiaj z człowiekiem”)",
  takenBy: "Tę rozmowę prowadzi już ktoś inny z zespołu.",
  notTeam: "Tylko zespół może przejmować rozmowy.",
  notSetUp:
    "Nie jestem skonfigurowany dla tego serwera. Administrator może mnie dodać na stronie konfiguracji w panelu.",
};

const nl: Lines = {
  notInKnowledge: "Dat heb ik niet gevonden in de kennisbank van deze server.",
  emptyKnowledge:
    "Ik heb nog geen kennisbank om uit te antwoorden. Een beheerder kan er een toevoegen in het dashboard.",
  quoted: "Dit staat in de kennisbank:",
  sources: "Bronnen",
  source: "Bron",
  marked: "Ik heb dit gesprek gemarkeerd voor het team: ze zien dat je met een mens wilt praten.",
  markedBefore: "Dit gesprek is al gemarkeerd voor het team. Ze zien dat je met een mens wilt praten.",
  askInServer: "Ik weet niet over welke server je vraag gaat. Stel hem daar, door mij in een kanaal te vermelden.",
  askSomething: "Hoe kan ik helpen? Vermeld mij samen met je vraag.",
  welcome: "Graag gedaan!",
  doingWell: "Met mij gaat het goed, bedankt! Waarmee kan ik helpen?",
  insulted: "Sorry dat ik niet kon helpen. Zeg wat je nodig hebt, of dat je met een mens wilt praten.",
  failed: "Er ging iets mis aan mijn kant. Probeer het over een minuut opnieuw.",
  linkRemoved: "[link verwijderd]",
  inviteRemoved: "[uitnodiging verwijderd]",
  off: "In dit kanaal sta ik uit.",
  agentHolds: "Iemand van het team is met dit gesprek bezig en antwoordt je hier.",
  forgotten: "Klaar. Ik ben vergeten waar we het op deze server over hadden.",
  thanksUp: "Bedankt! Fijn dat het hielp.",
  thanksDown: "Bedankt voor het melden. Jammer dat het niet hielp; het team kan dit zien.",
  unknownCommand: "Ik ken deze opdracht niet. Misschien is hij van een oudere versie van mij.",
  nothingToAsk: "In dit bericht staat geen tekst die ik kan beantwoorden.",
  helpful: "Nuttig",
  notHelpful: "Niet nuttig",
  knowledgeLoading: "Ik lees de kennisbank van deze server nog. Vraag het over een minuut opnieuw.",
  refused: {
    quota:
      "De berichten van deze server voor deze maand zijn op, dus ik kan pas volgende maand antwoorden. Een beheerder ziet meer in het dashboard.",
    "plan-without-discord":
      "Het abonnement van deze server omvat geen antwoorden in Discord. Een beheerder kan dat in het dashboard wijzigen.",
    "member-limit": "Je hebt me het afgelopen uur veel gevraagd. Geef me even tijd en vraag het later opnieuw.",
    "channel-limit": "Er zijn nu heel veel vragen in dit kanaal. Vraag het over een minuut opnieuw.",
    "cost-limit": "Ik heb bereikt wat deze server vandaag mag uitgeven. Vraag het morgen opnieuw.",
    "member-busy": "Ik ben nog bezig met je vorige vragen. Vraag het over een minuut opnieuw.",
    "server-busy": "Er wachten nu heel veel vragen op deze server. Vraag het over een minuut opnieuw.",
  },
  cannotReadAbove:
    "Ik kan het bericht dat je bedoelt niet lezen. Schrijf de vraag hier, of geef mijn rol het recht om de berichtgeschiedenis te lezen.",
  teamAway: "Het team heeft geen vaste tijden; het antwoordt zodra er iemand is.",
  notTold:
    "Ik heb genoteerd dat je met een mens wilt praten, maar op deze server krijgt het team geen melding. Stuur zelf iemand van het team een bericht.",
  person: "Met een mens praten",
  pressedPerson: "(drukte op “Met een mens praten”)",
  takenBy: "Iemand anders van het team heeft dit gesprek al.",
  notTeam: "Alleen het team kan gesprekken overnemen.",
  notSetUp:
    "Ik ben niet ingesteld voor deze server. Een beheerder kan mij toevoegen op de installatiepagina van het dashboard.",
};

const id: Lines = {
  notInKnowledge: "Aku tidak menemukannya di basis pengetahuan server ini.",
  emptyKnowledge: "Aku belum punya basis pengetahuan untuk menjawab. Admin bisa mengisinya di dasbor.",
  quoted: "Ini yang tertulis di basis pengetahuan:",
  sources: "Sumber",
  source: "Sumber",
  marked: "Percakapan ini sudah kutandai untuk tim: mereka akan melihat bahwa kamu ingin bicara dengan orang.",
  markedBefore: "Percakapan ini sudah ditandai untuk tim. Mereka bisa melihat bahwa kamu ingin bicara dengan orang.",
  askInServer: "Aku tidak tahu pertanyaanmu tentang server yang mana. Tanyakan di sana dengan menyebutku di kanal.",
  askSomething: "Ada yang bisa kubantu? Sebut aku bersama pertanyaanmu.",
  welcome: "Sama-sama!",
  doingWell: "Aku baik, terima kasih sudah bertanya! Ada yang bisa kubantu?",
  insulted: "Maaf aku belum bisa membantu. Katakan apa yang kamu butuhkan, atau bilang ingin bicara dengan orang.",
  failed: "Ada yang salah di pihakku. Coba lagi sebentar lagi, ya.",
  linkRemoved: "[tautan dihapus]",
  inviteRemoved: "[undangan dihapus]",
  off: "Aku dimatikan di kanal ini.",
  agentHolds: "Seseorang dari tim sedang menangani percakapan ini dan akan menjawabmu di sini.",
  forgotten: "Selesai. Aku sudah melupakan obrolan kita di server ini.",
  thanksUp: "Terima kasih! Senang bisa membantu.",
  thanksDown: "Terima kasih sudah memberi tahu. Maaf belum membantu; tim bisa melihatnya.",
  unknownCommand: "Aku tidak mengenal perintah ini. Mungkin dari versi lamaku.",
  nothingToAsk: "Tidak ada teks di pesan ini yang bisa kujawab.",
  helpful: "Membantu",
  notHelpful: "Tidak membantu",
  knowledgeLoading: "Aku masih membaca basis pengetahuan server ini. Tanyakan lagi sebentar lagi.",
  refused: {
    quota:
      "Pesan server ini untuk bulan ini sudah habis, jadi aku baru bisa menjawab bulan depan. Admin bisa melihat lebih lanjut di dasbor.",
    "plan-without-discord": "Paket server ini tidak mencakup jawaban di Discord. Admin bisa mengubahnya di dasbor.",
    "member-limit": "Kamu banyak bertanya dalam satu jam terakhir. Beri aku sedikit waktu, lalu tanyakan lagi nanti.",
    "channel-limit": "Sedang ada sangat banyak pertanyaan di kanal ini. Tanyakan lagi sebentar lagi.",
    "cost-limit": "Aku sudah mencapai batas biaya server ini untuk hari ini. Tanyakan lagi besok.",
    "member-busy": "Aku masih mengerjakan pertanyaanmu sebelumnya. Tanyakan lagi sebentar lagi, ya.",
    "server-busy": "Sedang banyak sekali pertanyaan yang menunggu di server ini. Tanyakan lagi sebentar lagi, ya.",
  },
  cannotReadAbove:
    "Aku tidak bisa membaca pesan yang kamu maksud. Tulis pertanyaannya di sini, atau beri peranku izin membaca riwayat pesan.",
  teamAway: "Tim tidak punya jam tetap; mereka menjawab begitu ada yang hadir.",
  notTold:
    "Sudah kucatat bahwa kamu ingin bicara dengan orang, tetapi di server ini tim tidak mendapat pemberitahuan. Silakan hubungi sendiri seseorang dari tim.",
  person: "Bicara dengan orang",
  pressedPerson: "(menekan “Bicara dengan orang”)",
  takenBy: "Percakapan ini sudah ditangani anggota tim lain.",
  notTeam: "Hanya tim yang bisa mengambil alih percakapan.",
  notSetUp: "Aku belum disiapkan untuk server ini. Admin bisa menambahkanku di halaman penyiapan di dasbor.",
};

const vi: Lines = {
  notInKnowledge: "Mình không tìm thấy điều đó trong kho kiến thức của máy chủ này.",
  emptyKnowledge: "Mình chưa có kho kiến thức để trả lời. Quản trị viên có thể thêm trong bảng điều khiển.",
  quoted: "Kho kiến thức viết như sau:",
  sources: "Nguồn",
  source: "Nguồn",
  marked: "Mình đã đánh dấu cuộc trò chuyện này cho đội ngũ: họ sẽ thấy bạn muốn nói chuyện với người thật.",
  markedBefore: "Cuộc trò chuyện này đã được đánh dấu cho đội ngũ. Họ thấy bạn muốn nói chuyện với người thật.",
  askInServer: "Mình không biết câu hỏi của bạn về máy chủ nào. Hãy hỏi ở đó bằng cách nhắc đến mình trong một kênh.",
  askSomething: "Mình có thể giúp gì? Hãy nhắc đến mình kèm câu hỏi của bạn.",
  welcome: "Không có gì!",
  doingWell: "Mình khỏe, cảm ơn bạn đã hỏi! Mình có thể giúp gì?",
  insulted: "Xin lỗi vì mình chưa giúp được. Hãy cho mình biết bạn cần gì, hoặc nói rằng bạn muốn gặp người thật.",
  failed: "Có lỗi xảy ra ở phía mình. Vui lòng thử lại sau một phút.",
  linkRemoved: "[đã xóa liên kết]",
  inviteRemoved: "[đã xóa lời mời]",
  off: "Mình đang tắt trong kênh này.",
  agentHolds: "Một người trong đội ngũ đang phụ trách cuộc trò chuyện này và sẽ trả lời bạn tại đây.",
  forgotten: "Xong. Mình đã quên những gì chúng ta nói trong máy chủ này.",
  thanksUp: "Cảm ơn bạn! Rất vui vì điều đó giúp được.",
  thanksDown: "Cảm ơn bạn đã cho biết. Tiếc là chưa giúp được; đội ngũ có thể xem điều này.",
  unknownCommand: "Mình không biết lệnh này. Có thể nó thuộc phiên bản cũ của mình.",
  nothingToAsk: "Tin nhắn này không có văn bản nào mình có thể trả lời.",
  helpful: "Hữu ích",
  notHelpful: "Không hữu ích",
  knowledgeLoading: "Mình vẫn đang đọc kho kiến thức của máy chủ này. Hãy hỏi lại sau một phút.",
  refused: {
    quota:
      "Máy chủ này đã dùng hết số tin nhắn của tháng, nên phải sang tháng sau mình mới trả lời được. Quản trị viên xem thêm trong bảng điều khiển.",
    "plan-without-discord":
      "Gói của máy chủ này không bao gồm trả lời trên Discord. Quản trị viên có thể đổi trong bảng điều khiển.",
    "member-limit": "Bạn đã hỏi mình rất nhiều trong một giờ qua. Hãy chờ một chút rồi hỏi lại sau nhé.",
    "channel-limit": "Hiện có quá nhiều câu hỏi trong kênh này. Hãy hỏi lại sau một phút.",
    "cost-limit": "Mình đã đạt mức chi tiêu của máy chủ này trong hôm nay. Hãy hỏi lại vào ngày mai.",
    "member-busy": "Mình vẫn đang trả lời những câu bạn hỏi trước đó. Vui lòng hỏi lại sau một phút nhé.",
    "server-busy": "Máy chủ này đang có rất nhiều câu hỏi chờ. Vui lòng hỏi lại sau một phút nhé.",
  },
  cannotReadAbove:
    "Mình không đọc được tin nhắn mà bạn nhắc tới. Hãy viết câu hỏi ở đây, hoặc cho vai trò của mình quyền đọc lịch sử tin nhắn.",
  teamAway: "Đội ngũ không có giờ cố định; họ sẽ trả lời ngay khi có người.",
  notTold:
    "Mình đã ghi lại rằng bạn muốn nói chuyện với người thật, nhưng ở máy chủ này đội ngũ không nhận được thông báo. Bạn hãy tự nhắn cho một người trong đội ngũ nhé.",
  person: "Nói chuyện với người thật",
  pressedPerson: "(đã nhấn “Nói chuyện với người thật”)",
  takenBy: "Một người khác trong đội ngũ đã nhận cuộc trò chuyện này.",
  notTeam: "Chỉ đội ngũ mới có thể tiếp nhận cuộc trò chuyện.",
  notSetUp:
    "Mình chưa được thiết lập cho máy chủ này. Quản trị viên có thể thêm mình ở trang thiết lập trong bảng điều khiển.",
};

const ja: Lines = {
  notInKnowledge: "このサーバーのナレッジベースには見つかりませんでした。",
  emptyKnowledge: "まだ回答に使えるナレッジベースがありません。管理者がダッシュボードで追加できます。",
  quoted: "ナレッジベースには次のように書かれています：",
  sources: "出典",
  source: "出典",
  marked: "この会話をチームに知らせました。人と話したいことがチームに伝わります。",
  markedBefore: "この会話はすでにチームに知らせてあります。人と話したいことは伝わっています。",
  askInServer:
    "どのサーバーについての質問か分かりません。そのサーバーのチャンネルで私にメンションして質問してください。",
  askSomething: "どうしましたか？質問と一緒に私にメンションしてください。",
  welcome: "どういたしまして！",
  doingWell: "元気です、ありがとうございます！何かお手伝いしましょうか？",
  insulted: "お役に立てず申し訳ありません。必要なことを教えてください。人と話したい場合は、そうおっしゃってください。",
  failed: "こちらで問題が発生しました。1分ほどしてからもう一度お試しください。",
  linkRemoved: "［リンクを削除しました］",
  inviteRemoved: "［招待を削除しました］",
  off: "このチャンネルではオフになっています。",
  agentHolds: "この会話はチームの担当者が対応しています。ここで返信があります。",
  forgotten: "完了しました。このサーバーで話した内容を忘れました。",
  thanksUp: "ありがとうございます！お役に立ててうれしいです。",
  thanksDown: "お知らせいただきありがとうございます。お役に立てず残念です。チームが確認できます。",
  unknownCommand: "このコマンドは分かりません。私の古いバージョンのものかもしれません。",
  nothingToAsk: "このメッセージには回答できる文章がありません。",
  helpful: "役に立った",
  notHelpful: "役に立たなかった",
  knowledgeLoading: "このサーバーのナレッジベースをまだ読み込んでいます。1分ほどしてからもう一度質問してください。",
  refused: {
    quota:
      "このサーバーの今月のメッセージ数を使い切ったため、来月まで回答できません。詳しくは管理者がダッシュボードで確認できます。",
    "plan-without-discord":
      "このサーバーのプランにはDiscordでの回答が含まれていません。管理者がダッシュボードで変更できます。",
    "member-limit": "この1時間にたくさん質問されています。少し時間をおいてから、もう一度質問してください。",
    "channel-limit": "このチャンネルには今とても多くの質問があります。1分ほどしてからもう一度質問してください。",
    "cost-limit": "このサーバーが今日使える費用の上限に達しました。明日もう一度質問してください。",
    "member-busy": "先ほどの質問にまだ対応しています。1分ほどしてからもう一度質問してください。",
    "server-busy":
      "このサーバーでは今、とても多くの質問が順番を待っています。1分ほどしてからもう一度質問してください。",
  },
  cannotReadAbove:
    "ご指定のメッセージを読むことができません。ここに質問を書くか、私のロールに「メッセージ履歴を読む」権限を与えてください。",
  teamAway: "チームに決まった対応時間はありません。誰かが来しだい返信します。",
  notTold:
    "人と話したいというご希望を記録しましたが、このサーバーではチームに通知は届きません。お手数ですが、チームの誰かに直接ご連絡ください。",
  person: "人と話す",
  pressedPerson: "（「人と話す」を押しました）",
  takenBy: "この会話はすでにチームの別の人が担当しています。",
  notTeam: "会話を引き継げるのはチームだけです。",
  notSetUp: "このサーバーではまだ設定されていません。管理者がダッシュボードの設定ページで追加できます。",
};

const ko: Lines = {
  notInKnowledge: "이 서버의 지식 베이스에서 찾지 못했어요.",
  emptyKnowledge: "아직 답변할 지식 베이스가 없어요. 관리자가 대시보드에서 추가할 수 있어요.",
  quoted: "지식 베이스에는 이렇게 나와 있어요:",
  sources: "출처",
  source: "출처",
  marked: "이 대화를 팀에 표시해 두었어요. 사람과 이야기하고 싶다는 것을 팀이 볼 수 있어요.",
  markedBefore: "이 대화는 이미 팀에 표시되어 있어요. 사람과 이야기하고 싶다는 것을 팀이 볼 수 있어요.",
  askInServer: "어느 서버에 대한 질문인지 모르겠어요. 그 서버의 채널에서 저를 멘션해 질문해 주세요.",
  askSomething: "무엇을 도와드릴까요? 질문과 함께 저를 멘션해 주세요.",
  welcome: "천만에요!",
  doingWell: "잘 지내요, 물어봐 줘서 고마워요! 무엇을 도와드릴까요?",
  insulted: "도움이 되지 못해 죄송해요. 필요한 것을 알려 주시거나, 사람과 이야기하고 싶다고 말해 주세요.",
  failed: "제 쪽에서 문제가 생겼어요. 1분 뒤에 다시 시도해 주세요.",
  linkRemoved: "[링크 삭제됨]",
  inviteRemoved: "[초대 삭제됨]",
  off: "이 채널에서는 꺼져 있어요.",
  agentHolds: "팀원이 이 대화를 맡고 있어요. 여기에서 답변해 드릴 거예요.",
  forgotten: "완료했어요. 이 서버에서 나눈 대화를 잊었어요.",
  thanksUp: "고마워요! 도움이 되어 기뻐요.",
  thanksDown: "알려 줘서 고마워요. 도움이 되지 못해 아쉬워요. 팀이 확인할 수 있어요.",
  unknownCommand: "모르는 명령어예요. 제 이전 버전의 명령어일 수 있어요.",
  nothingToAsk: "이 메시지에는 답변할 수 있는 글이 없어요.",
  helpful: "도움이 됐어요",
  notHelpful: "도움이 안 됐어요",
  knowledgeLoading: "이 서버의 지식 베이스를 아직 읽고 있어요. 1분 뒤에 다시 물어봐 주세요.",
  refused: {
    quota:
      "이 서버의 이번 달 메시지를 모두 사용해서 다음 달까지 답변할 수 없어요. 자세한 내용은 관리자가 대시보드에서 볼 수 있어요.",
    "plan-without-discord":
      "이 서버의 요금제에는 Discord 답변이 포함되어 있지 않아요. 관리자가 대시보드에서 바꿀 수 있어요.",
    "member-limit": "지난 한 시간 동안 질문이 많았어요. 잠시 후에 다시 물어봐 주세요.",
    "channel-limit": "지금 이 채널에 질문이 아주 많아요. 1분 뒤에 다시 물어봐 주세요.",
    "cost-limit": "이 서버가 오늘 쓸 수 있는 비용에 도달했어요. 내일 다시 물어봐 주세요.",
    "member-busy": "아직 이전 질문에 답하는 중이에요. 1분 뒤에 다시 물어봐 주세요.",
    "server-busy": "지금 이 서버에서 기다리는 질문이 아주 많아요. 1분 뒤에 다시 물어봐 주세요.",
  },
  cannotReadAbove:
    "말씀하신 메시지를 읽을 수 없어요. 여기에 질문을 적어 주시거나, 제 역할에 메시지 기록 보기 권한을 주세요.",
  teamAway: "팀의 정해진 시간은 없어요. 누군가 오는 대로 답변해 드려요.",
  notTold:
    "사람과 이야기하고 싶다는 것을 기록해 두었지만, 이 서버에서는 팀에 알림이 가지 않아요. 팀원에게 직접 메시지를 보내 주세요.",
  person: "사람과 이야기하기",
  pressedPerson: "(“사람과 이야기하기”를 눌렀어요)",
  takenBy: "팀의 다른 사람이 이미 이 대화를 맡고 있어요.",
  notTeam: "팀만 대화를 넘겨받을 수 있어요.",
  notSetUp: "이 서버에는 아직 설정되지 않았어요. 관리자가 대시보드의 설정 페이지에서 추가할 수 있어요.",
};

const zh: Lines = {
  notInKnowledge: "我在本服务器的知识库中没有找到相关内容。",
  emptyKnowledge: "我还没有可以用来回答的知识库。管理员可以在控制面板中添加。",
  quoted: "知识库中是这样写的：",
  sources: "来源",
  source: "来源",
  marked: "我已为团队标记了这段对话，他们会看到你想与真人交谈。",
  markedBefore: "这段对话已经为团队标记，他们可以看到你想与真人交谈。",
  askInServer: "我无法判断你的问题是关于哪个服务器的。请在那个服务器的频道里提及我并提问。",
  askSomething: "有什么可以帮你？请提及我并写下你的问题。",
  welcome: "不客气！",
  doingWell: "我很好，谢谢关心！有什么可以帮你？",
  insulted: "抱歉没能帮上忙。请告诉我你需要什么，或者说你想与真人交谈。",
  failed: "我这边出了点问题。请一分钟后再试。",
  linkRemoved: "[链接已移除]",
  inviteRemoved: "[邀请已移除]",
  off: "我在这个频道已关闭。",
  agentHolds: "团队成员正在处理这段对话，会在这里回复你。",
  forgotten: "好的，我已忘记我们在本服务器的对话。",
  thanksUp: "谢谢！很高兴能帮到你。",
  thanksDown: "谢谢反馈。很遗憾没能帮到你，团队可以看到这条反馈。",
  unknownCommand: "我不认识这个命令，它可能来自我的旧版本。",
  nothingToAsk: "这条消息里没有我可以回答的文字。",
  helpful: "有帮助",
  notHelpful: "没有帮助",
  knowledgeLoading: "我还在读取本服务器的知识库。请一分钟后再问。",
  refused: {
    quota: "本服务器这个月的消息已用完，下个月才能继续回答。管理员可以在控制面板中查看详情。",
    "plan-without-discord": "本服务器的套餐不包含 Discord 回答。管理员可以在控制面板中更改。",
    "member-limit": "过去一小时你问了很多问题。请稍等一会儿再问。",
    "channel-limit": "这个频道现在问题太多了。请一分钟后再问。",
    "cost-limit": "我已达到本服务器今天的费用上限。请明天再问。",
    "member-busy": "我还在处理你之前的问题，请一分钟后再问。",
    "server-busy": "这个服务器现在有很多问题在排队，请一分钟后再问。",
  },
  cannotReadAbove: "我读不到你指的那条消息。请把问题写在这里，或者给我的身份组“读取消息历史”的权限。",
  teamAway: "团队没有固定时间，有人在时就会回复。",
  notTold: "我已记下你想与真人交谈，但在这个服务器上团队不会收到通知。请直接联系团队成员。",
  person: "与真人交谈",
  pressedPerson: "（按下了“与真人交谈”）",
  takenBy: "团队中的另一位成员已经接手了这段对话。",
  notTeam: "只有团队可以接手对话。",
  notSetUp: "我还没有为本服务器设置好。管理员可以在控制面板的设置页面添加我。",
};

const ar: Lines = {
  notInKnowledge: "لم أجد ذلك في قاعدة معرفة هذا الخادم.",
  emptyKnowledge: "ليست لدي بعد قاعدة معرفة أجيب منها. يمكن لأحد المشرفين إضافتها من لوحة التحكم.",
  quoted: "هذا ما تقوله قاعدة المعرفة:",
  sources: "المصادر",
  source: "المصدر",
  marked: "لقد وضعت علامة على هذه المحادثة للفريق: سيرون أنك تريد التحدث مع شخص.",
  markedBefore: "هذه المحادثة معلَّمة للفريق بالفعل. يمكنهم رؤية أنك تريد التحدث مع شخص.",
  askInServer: "لا أعرف أي خادم يخصه سؤالك. من فضلك اسألني هناك بذكري في إحدى القنوات.",
  askSomething: "كيف يمكنني المساعدة؟ اذكرني مع سؤالك.",
  welcome: "على الرحب والسعة!",
  doingWell: "أنا بخير، شكرًا لسؤالك! كيف يمكنني المساعدة؟",
  insulted: "آسف لأنني لم أتمكن من المساعدة. أخبرني بما تحتاجه، أو قل إنك تريد التحدث مع شخص.",
  failed: "حدث خطأ من جهتي. من فضلك حاول مرة أخرى بعد دقيقة.",
  linkRemoved: "[أُزيل الرابط]",
  inviteRemoved: "[أُزيلت الدعوة]",
  off: "أنا متوقف في هذه القناة.",
  agentHolds: "أحد أعضاء الفريق يتولى هذه المحادثة وسيجيبك هنا.",
  forgotten: "تم. لقد نسيت ما تحدثنا عنه في هذا الخادم.",
  thanksUp: "شكرًا! يسعدني أن ذلك ساعد.",
  thanksDown: "شكرًا لإخبارنا. يؤسفني أن ذلك لم يساعد؛ يمكن للفريق رؤيته.",
  unknownCommand: "لا أعرف هذا الأمر. قد يكون من إصدار أقدم مني.",
  nothingToAsk: "لا يوجد في هذه الرسالة نص يمكنني الإجابة عنه.",
  helpful: "مفيد",
  notHelpful: "غير مفيد",
  knowledgeLoading: "ما زلت أقرأ قاعدة معرفة هذا الخادم. من فضلك اسأل مرة أخرى بعد دقيقة.",
  refused: {
    quota:
      "نفدت رسائل هذا الخادم لهذا الشهر، لذلك لا يمكنني الإجابة حتى الشهر القادم. يمكن لأحد المشرفين رؤية المزيد في لوحة التحكم.",
    "plan-without-discord": "لا تتضمن خطة هذا الخادم الإجابات في ديسكورد. يمكن لأحد المشرفين تغييرها من لوحة التحكم.",
    "member-limit": "لقد سألتني كثيرًا خلال الساعة الماضية. امنحني بعض الوقت واسأل لاحقًا.",
    "channel-limit": "توجد أسئلة كثيرة جدًا في هذه القناة الآن. من فضلك اسأل مرة أخرى بعد دقيقة.",
    "cost-limit": "لقد بلغت ما يمكن لهذا الخادم إنفاقه اليوم. من فضلك اسأل مرة أخرى غدًا.",
    "member-busy": "ما زلت أعمل على أسئلتك السابقة. اسأل مرة أخرى بعد دقيقة من فضلك.",
    "server-busy": "هناك أسئلة كثيرة جدًا تنتظر في هذا الخادم الآن. اسأل مرة أخرى بعد دقيقة من فضلك.",
  },
  cannotReadAbove: "لا يمكنني قراءة الرسالة التي تقصدها. اكتب السؤال هنا، أو امنح رتبتي إذن قراءة سجل الرسائل.",
  teamAway: "ليس للفريق ساعات ثابتة؛ سيجيب حالما يوجد أحد.",
  notTold:
    "سجّلتُ أنك تريد التحدث مع شخص، لكن الفريق لا يتلقى إشعارات في هذا الخادم. يُرجى مراسلة أحد أعضاء الفريق مباشرة.",
  person: "التحدث مع شخص",
  pressedPerson: "(ضغط «التحدث مع شخص»)",
  takenBy: "شخص آخر من الفريق يتولى هذه المحادثة بالفعل.",
  notTeam: "الفريق وحده يمكنه تولي المحادثات.",
  notSetUp: "لم يتم إعدادي لهذا الخادم. يمكن لأحد المشرفين إضافتي من صفحة الإعداد في لوحة التحكم.",
};

const hi: Lines = {
  notInKnowledge: "मुझे यह इस सर्वर के नॉलेज बेस में नहीं मिला।",
  emptyKnowledge: "जवाब देने के लिए मेरे पास अभी कोई नॉलेज बेस नहीं है। कोई एडमिन इसे डैशबोर्ड में जोड़ सकता है।",
  quoted: "नॉलेज बेस में यह लिखा है:",
  sources: "स्रोत",
  source: "स्रोत",
  marked: "मैंने यह बातचीत टीम के लिए चिह्नित कर दी है: वे देख सकेंगे कि आप किसी व्यक्ति से बात करना चाहते हैं।",
  markedBefore: "यह बातचीत टीम के लिए पहले से चिह्नित है। वे देख सकते हैं कि आप किसी व्यक्ति से बात करना चाहते हैं।",
  askInServer: "मुझे नहीं पता कि आपका सवाल किस सर्वर के बारे में है। कृपया वहाँ किसी चैनल में मुझे मेंशन करके पूछें।",
  askSomething: "मैं कैसे मदद करूँ? अपने सवाल के साथ मुझे मेंशन करें।",
  welcome: "आपका स्वागत है!",
  doingWell: "मैं ठीक हूँ, पूछने के लिए धन्यवाद! मैं कैसे मदद करूँ?",
  insulted: "माफ़ कीजिए कि मैं मदद नहीं कर सका। बताइए आपको क्या चाहिए, या कहिए कि आप किसी व्यक्ति से बात करना चाहते हैं।",
  failed: "मेरी तरफ़ से कुछ गड़बड़ हो गई। कृपया एक मिनट बाद फिर कोशिश करें।",
  linkRemoved: "[लिंक हटाया गया]",
  inviteRemoved: "[आमंत्रण हटाया गया]",
  off: "मैं इस चैनल में बंद हूँ।",
  agentHolds: "टीम का कोई सदस्य इस बातचीत को देख रहा है। वे आपको यहीं जवाब देंगे।",
  forgotten: "हो गया। इस सर्वर पर हमारी जो बात हुई, वह मैं भूल गया हूँ।",
  thanksUp: "धन्यवाद! खुशी हुई कि इससे मदद मिली।",
  thanksDown: "बताने के लिए धन्यवाद। अफ़सोस है कि इससे मदद नहीं मिली; टीम इसे देख सकती है।",
  unknownCommand: "मैं यह कमांड नहीं जानता। यह शायद मेरे पुराने संस्करण का है।",
  nothingToAsk: "इस संदेश में ऐसा कोई टेक्स्ट नहीं है जिसका मैं जवाब दे सकूँ।",
  helpful: "मददगार",
  notHelpful: "मददगार नहीं",
  knowledgeLoading: "मैं अभी इस सर्वर का नॉलेज बेस पढ़ रहा हूँ। कृपया एक मिनट बाद फिर पूछें।",
  refused: {
    quota:
      "इस सर्वर के इस महीने के संदेश ख़त्म हो गए हैं, इसलिए मैं अगले महीने तक जवाब नहीं दे सकता। एडमिन डैशबोर्ड में और जानकारी देख सकता है।",
    "plan-without-discord": "इस सर्वर के प्लान में Discord पर जवाब शामिल नहीं हैं। एडमिन इसे डैशबोर्ड में बदल सकता है।",
    "member-limit": "आपने पिछले एक घंटे में बहुत सवाल पूछे हैं। कृपया थोड़ा समय दें और बाद में फिर पूछें।",
    "channel-limit": "इस चैनल में अभी बहुत सारे सवाल हैं। कृपया एक मिनट बाद फिर पूछें।",
    "cost-limit": "इस सर्वर की आज की ख़र्च सीमा पूरी हो गई है। कृपया कल फिर पूछें।",
    "member-busy": "मैं अभी आपके पिछले सवालों पर काम कर रहा हूँ। कृपया एक मिनट बाद फिर पूछें।",
    "server-busy": "इस सर्वर पर अभी बहुत सारे सवाल इंतज़ार में हैं। कृपया एक मिनट बाद फिर पूछें।",
  },
  cannotReadAbove:
    "जिस संदेश की आप बात कर रहे हैं, उसे मैं पढ़ नहीं सकता। सवाल यहाँ लिखें, या मेरी भूमिका को संदेश इतिहास पढ़ने की अनुमति दें।",
  teamAway: "टीम का कोई तय समय नहीं है; कोई आते ही जवाब देगा।",
  notTold:
    "मैंने दर्ज कर लिया है कि आप किसी व्यक्ति से बात करना चाहते हैं, लेकिन इस सर्वर पर टीम को सूचना नहीं मिलती। कृपया टीम के किसी सदस्य को सीधे लिखें।",
  person: "किसी व्यक्ति से बात करें",
  pressedPerson: "(“किसी व्यक्ति से बात करें” दबाया)",
  takenBy: "टीम का कोई और सदस्य यह बातचीत पहले से संभाल रहा है।",
  notTeam: "केवल टीम ही बातचीत संभाल सकती है।",
  notSetUp: "मैं इस सर्वर के लिए सेट अप नहीं हूँ। एडमिन मुझे डैशबोर्ड के सेटअप पेज पर जोड़ सकता है।",
};

/** By ISO 639-1; `ms` is what the language detector calls Indonesian. */
const ALL: Readonly<Record<string, Lines>> = {
  ...{ es, pt, fr, de, ru, uk, it, pl, nl, id, vi, ja, ko, zh, ar, hi, ms: id },
};

export const BOT_LINES: Readonly<Record<string, Lines & Partial<Pick<BotWords, "privacy">>>> = Object.fromEntries(
  Object.entries(ALL).map(([language, lines]) => {
    const privacy = PRIVACY_LINES[language];
    return [language, privacy === undefined ? lines : { ...lines, privacy }];
  }),
);
