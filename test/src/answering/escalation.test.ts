import { expect, test } from "bun:test";
import { asksForPerson, ESCALATION_MS, escalation } from "../../../src/answering/escalation.ts";

test.each([
  "I want to talk to a human",
  "can I speak with a real person please?",
  "Please, let me talk to someone from the team.",
  "I'd like to speak to an agent",
  "this is useless, connect me to a human being",
  "transfer me to a support agent",
  "get me a real person",
  "human please",
  "agent!",
  "I need to talk to a moderator",
  "Bir insanla konuşmak istiyorum",
  "Gerçek bir kişiyle görüşebilir miyim?",
  "yetkili biriyle görüşmek istiyorum",
  "gerçek biriyle görüşmek istiyorum",
  "Müşteri temsilcisi ile görüşmek istiyorum",
  "Beni bir yetkiliye bağlayın lütfen",
  "BENİ CANLI DESTEĞE AKTAR",
  "temsilci istiyorum",
  "ekipten biriyle konuşabilir miyim",
  "I want to talk to a real human please",
  "Quiero hablar con una persona",
  "quiero hablar con alguien del equipo",
  "Quero falar com um atendente",
  "Je voudrais parler à quelqu'un",
  "Ich möchte mit einem Menschen sprechen",
  "Kann ich mit jemandem aus dem Team reden?",
  "Vorrei parlare con una persona",
  "Хочу поговорить с живым человеком",
])("asks for a person: %s", (text) => {
  expect(asksForPerson(text)).toBe(true);
});

test.each([
  "How do I reset the kettle?",
  "Do I need to talk to an admin for a refund?",
  "Should I talk to a moderator about this?",
  "How many people can use one hub?",
  "I don't want to talk to a human",
  "Is the support agent app free?",
  "Which agents does the monitoring need?",
  "The person detection does not work",
  "I want to talk to my hub over MQTT",
  "can I connect two persons to one account?",
  "I have a human-readable log here",
  "Kişi algılama çalışmıyor",
  "İnsan sensörü nasıl bağlanır?",
  "Yetkili servis nerede?",
  "Temsilcilik açacak mısınız?",
  "Cihaz telefonla konuşmak istiyor mu?",
  "",
])("does not: %s", (text) => {
  expect(asksForPerson(text)).toBe(false);
});

test("a conversation is marked once an hour", () => {
  expect(escalation(null, 0)).toBe("marked");
  expect(escalation(1_000, 1_000 + ESCALATION_MS - 1)).toBe("marked-before");
  expect(escalation(1_000, 1_000 + ESCALATION_MS)).toBe("marked");
});
