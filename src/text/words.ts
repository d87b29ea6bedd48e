/**
 * The word lists, English and Turkish, as folded text (lower case, ASCII): what moderation looks for and what a request for
 * help is made of. A trailing `-` is a stem, surrounding `*` a part of any word, nothing a whole word or phrase.
 *
 * Slurs stand here to be found, as in any moderation tool. Ambiguous words are left to the learned score and the model.
 */
import { createAutomaton, type Pattern } from "./automaton.ts";

export const GROUPS = [
  "slur",
  "insult",
  "vulgar",
  "threat",
  "gift-lure",
  "brand",
  "crypto-lure",
  "money-lure",
  "everyone",
  "adult-lure",
  "betting-lure",
  "urgency",
  "you",
  "asks",
  "help",
  "trouble",
  "own",
  "all-of-you",
  "advice",
  "thanks",
  "greeting",
  "reaction",
  "bot",
  "warning",
] as const;

export type Group = (typeof GROUPS)[number];

const WORDS: Readonly<Record<Group, string>> = {
  slur: "nigger,niggers,nigga,niggas,faggot,faggots,fag,fags,kike,kikes,chink,chinks,spic,spics,wetback,wetbacks,tranny,trannies,dyke,dykes,gook,gooks,paki,pakis,raghead,ragheads,towelhead,coon,coons,beaner,beaners,retard,retards,retarded,sand nigger,white trash,porch monkey,ibne-,ipne-,gotveren-,kahpe-,picler,dinsiz imansiz",
  insult:
    "bitch,bitches,biatch,cunt,cunts,asshole,assholes,dickhead,dickheads,motherfucker,motherfuckers,mother fucker,whore,whores,slut,sluts,hoe,hoes,pussy,pussies,bastard,bastards,scumbag,scumbags,idiot,idiots,moron,morons,imbecile,imbeciles,dumbass,dumbasses,dipshit,shithead,fuckface,fucktard,cocksucker,douchebag,twat,wanker,prick,go to hell,shut the fuck up,stfu,fuck you,fuck u,fuck off,screw you,piece of shit,piece of garbage,you are stupid,you are an idiot,youre an idiot,you're an idiot,you're stupid,worthless,pathetic,loser,losers,scum,trash human,kill urself,orospu-,orusbu-,oruspu-,oc cocugu,amina koy-,amina kod-,aminako-,amk,amq,aq,amcik-,amcig-,sikerim,sikeyim,siktir-,sikik-,sikim-,sikt-,siktigim-,yarrak-,yarrag-,yarak-,yavsak-,pezeven-,serefsiz-,haysiyetsiz-,namussuz-,gerizekal-,geri zekal-,salak-,aptal-,embesil-,dangalak-,ahmak-,hayvan herif,it herif,kopek soyu,pic kuru-,pic-,got lale-,gotun-,gotunu,kevase-,kaltak-,surtuk-,fahise-,asagilik-,alcak-,karaktersiz-,ahlaksiz-,terbiyesiz-,lavuk,dallama-,hiyar-,okuz-,esek-,beyinsiz-,adi herif,ananizi,anani,ananin am-,anasini,bok ye-,boktan,pust-,gavat-,godos-,yalaka-,zavalli-,hain-,vatan hain-,terorist-,kansiz-,soysuz-,it sur-,itler,kopekler",
  vulgar:
    "fuck,fucks,fucked,fucker,fuckers,fuckin,fucking,fck,fcking,fuk,fking,shit,shits,shitty,bullshit,bs,crap,crappy,ass,arse,damn,dammit,goddamn,dick,dicks,cock,cocks,penis,tits,boobs,cum,wtf,wth,hell,stupid,dumb,sucks,suck,lame,ugly,garbage,disgusting,lan,ulan,bok-,got,salla-,kahrol-,lanet-,pislik-,igrenc-,rezil-",
  threat:
    "kill yourself,kys,neck yourself,hang yourself,go die,drink bleach,end your life,i will kill you,i'll kill you,ill kill you,gonna kill you,going to kill you,kill you all,i will find you,i know where you live,hope you die,hope you get cancer,should be shot,deserve to die,deserves to die,rape you,beat your ass,slit your,kendini oldur-,kendini as-,intihar et,seni oldur-,oldururum,oldurecegim,geber-,gebert-,kafana sik-,gelirsem,evini biliyorum,adresini biliyorum,cehenneme git-,olmeli,asilmali,belani",
  "gift-lure":
    "free nitro,nitro free,nitro for free,free discord nitro,discord nitro for,nitro gift,gift nitro,nitro giveaway,nitro giveaways,free steam,steam gift,steam gift card,free gift,free gift card,free gift cards,gift cards free,giftcard,free robux,robux free,free skins,csgo skins,cs2 skins,skin giveaway,trade my skins,claim your,claim it here,claim here,claim now,claim free,get your free,you have been selected,you've been selected,you've won a,you have won a,you just won,winner of,congratulations you,3 months nitro,3 months of nitro,1 month nitro,one month nitro,nitro for 3 months,nitro for 1 month,nitro 3 months,airdropping nitro,left over nitro,leftover nitro,first 100 people,bedava nitro,ucretsiz nitro,nitro cekilis-,bedava robux,ucretsiz robux,bedava skin,hediye karti,kazandiniz,hediye kazan-,cekilisi kazan-,hediyeni al",
  brand:
    "nitro,discord,steam,robux,roblox,csgo,cs2,valorant,fortnite,minecraft,epic games,metamask,binance,coinbase,opensea,trust wallet,phantom,paypal,netflix,spotify,instagram,telegram,whatsapp,twitch,skins,skin",
  "crypto-lure":
    "airdrop,airdrops,claim airdrop,presale,pre sale,whitelist spot,whitelist is open,free mint,mint now,mint is live,seed phrase,recovery phrase,private key,connect your wallet,connect wallet,verify your wallet,validate your wallet,sync your wallet,1000x,100x,100x gem,next gem,to the moon,pump signal,pump signals,crypto signals,trading signals,forex signals,double your,triple your,guaranteed profit,guaranteed profits,guaranteed returns,roi,cloud mining,red packet,contract address,ca:,deploy token,ticker,stake now,giveaway eth,btc giveaway,eth giveaway,usdt,usdc,kripto sinyal-,garantili kazanc-,katlayin,yatirdiginiz parayi,cuzdaninizi bagla-",
  "money-lure":
    "earn up to,make money,make up to,per day from home,work from home,passive income,financial freedom,investment opportunity,invest with,recover your funds,recover your assets,lost funds,recovery expert,hack recovery,dm me to,dm me for,dm for,message me on,text me on,text me at,contact me on,contact on,whatsapp me,on whatsapp,on telegram,t.me,wa.me,join my telegram,join our telegram,inbox me,send a dm,cashapp flip,cash app flip,paypal flip,teach you how to earn,i'll help you earn,i will help,first 10 people,first 20 people,interested people,10% of your profit,10% commission,account for sale,accounts for sale,selling accounts,cheap boosts,server boosts,boosts for sale,cheap nitro,buy followers,free followers,evden para kazan-,ek gelir,gunluk kazanc,para kazanmak isteyen-,yatirim firsat-,dm den yaz-,dm atin,whatsapptan yaz-,whatsapp hatti",
  everyone: "@everyone,@here",
  "adult-lure":
    "onlyfans,only fans,nudes,leaked nudes,free nudes,hot girls,sexy girls,horny,teen leaks,teens leaks,leaks,18+ server,nsfw server,porn,porno,sex cam,sexcam,cam girls,hookup,escort,escorts,dick pics,sell nudes,selling nudes,ifsa-,turk ifsa,sex sohbet,sohbet hatti,eskort,escort bayan",
  "betting-lure":
    "online casino,casino bonus,free spins,free bet,betting tips,fixed matches,fixed match,sure odds,deposit bonus,promo code,promocode,jackpot,bahis-,kacak bahis,deneme bonusu,bedava bonus,freespin,casino site-,iddaa tahmin-,banko mac-,slot oyun-",
  urgency:
    "hurry,hurry up,act now,act fast,limited time,limited spots,limited offer,before it's too late,before it expires,expires in,expires soon,ends soon,ends today,ends tonight,last chance,last chances,don't miss,dont miss,be fast,be quick,quick before,while it lasts,only today,who is first,who will catch,catch it,24 hours,only 24,acele edin,son sans,kacirmayin,son saatler,sinirli sure,bugune ozel,hemen tikla-,tiklayin,hemen al",
  you: "you,your,you're,youre,ur,u,yourself,y'all,yall,sen,seni,sana,senin,sensin,siz,sizi,size,sizin,sizler",
  asks: "how,what,why,where,when,which,who,whose,what's,whats,how's,hows,where's,is there,are there,is it,can i,could i,can you,could you,can someone,can anyone,can anybody,could someone,could anyone,could anybody,should i,do i,does it,does this,do you,do we,did i,am i,is this,would it,will it,any way,any idea,any ideas,anyway to,nasil,neden,niye,nicin,nerede,nereden,nereye,ne zaman,hangi,kim,kac,nedir,ne oluyor,mi,mu,var mi,olur mu,midir,misiniz,musunuz,misin,musun,miyim,muyum,acaba",
  help: "help,help me,help please,please help,need help,need some help,plz help,pls help,please,plz,pls,anyone know,anybody know,anyone knows,someone know,does anyone,does anybody,does someone,do anyone,has anyone,has anybody,have anyone,is anyone,is anybody,is someone,anyone here,anyone able,anyone have,anyone had,anyone using,anyone used,any suggestion,any suggestions,any clue,any tips,any help,any advice,quick question,a question,question,questions,how do i,how can i,how do you,how to,how would i,how should i,what is the,what's the,whats the,where can i,where do i,i want to,i'd like to,i would like to,i need to,i need,i'm trying,im trying,i am trying,trying to,i'm looking,im looking,looking for,wondering,i wonder,is it possible,is there a way,is there any,is there a,point me,best way to,recommend,yardim-,yardimci ol-,bilen var,bilen yok,bilgisi olan,bilen biri,rica-,lutfen,nasil yap-,bir sorum,sorum var,sorunum var,soru-,onerir-,oneri-,anlamadim,yapamiyorum,bulamiyorum,bulamadim,cozemedim,cozebilir-,takildim",
  trouble:
    "error,errors,errored,problem,problems,issue,issues,trouble,fail,fails,failed,failing,failure,broken,broke,crash,crashes,crashed,crashing,stuck,hangs,freezes,frozen,bug,buggy,not working,doesn't work,doesnt work,dont work,don't work,didn't work,didnt work,not work,won't,wont,can't,cant,cannot,can not,couldn't,unable,not able,no longer,isn't,doesn't,doesnt,not found,missing,denied,refused,timeout,exception,undefined,segfault,warning,i get,i got,getting,gives me,says,it says,tells me,weird,strange,wrong,lost,after upgrade,after upgrading,after update,after updating,hata-,sorun-,problem-,calismiyor,calismadi,calistiramad-,acilmiyor,olmuyor,olmadi,gelmiyor,gitmiyor,gorunmuyor,gormuyor,yapmiyor,cokuyor,donuyor,bozul-,kabul etmiyor,hatasi al-,uyari",
  own: "i,i'm,im,i've,ive,i'd,i'll,my,mine,me,myself,we,our,ben,benim,bana,beni,bende",
  "all-of-you":
    "anyone,anybody,someone,somebody,guys,folks,hey all,hi all,hello all,hi everyone,hello everyone,hey everyone,hi guys,hello guys,hey guys,hi folks,hi there,hey there,hello there,all,everybody,everyone,arkadaslar,millet,beyler,hocam,biri,birisi,herkese",
  advice:
    "you can,you could,you should,you need,you have to,you might,you may,you'd,you'll,you want,you don't,you probably,try,try to,use,just,check,read,look at,see,run,install,type,edit,remove,that's,thats,it's,its,because,since,it depends,depends,iirc,afaik,imo,imho,i think,i guess,i believe,i'd say,i would,maybe,probably,should be,means,instead,the answer,deneyin,dene,kullan-,yapabilirsin-,bak,bence,sanirim,galiba,belki,cunku",
  thanks:
    "thanks,thank you,thank,thx,ty,tnx,tks,cheers,appreciate,appreciated,worked,works,it works,that works,works now,that worked,fixed,solved,got it,perfect,awesome,great,tesekkur-,sagol,sag ol,eyvallah,saol,cozuldu,oldu,duzeldi",
  greeting:
    "hi,hello,hey,heya,hiya,yo,morning,good morning,good evening,good night,evening,greetings,howdy,sup,bye,cya,later,brb,wb,welcome back,back,selam,selamlar,merhaba,gunaydin,iyi geceler,iyi aksamlar,slm,mrb,hosgeldin-,hos geldin-,gorusuruz,kolay gelsin",
  reaction:
    "yes,yeah,yep,yup,yea,yeh,no,nope,nah,ok,okay,k,kk,sure,right,true,exactly,indeed,agreed,correct,nice,cool,lol,lmao,rofl,haha,hahaha,hehe,heh,hmm,hmmm,hm,ah,ahh,aha,oh,ohh,ooh,wow,omg,well,so,but,and,then,also,or,np,no problem,no worries,welcome,you're welcome,yw,sorry,oops,gg,same,evet,hayir,tamam,peki,aynen,tabi,tabii,olur,yok,ha,haa,hadi,valla,ama,ve,yani,rica ederim,bisey degil,pardon",
  warning:
    "scam,scams,scammer,scammers,phishing,phish,fake,don't click,dont click,do not click,never click,be careful,beware,watch out,is this legit,is it legit,legit?,hacked,malware,virus,reported,report this,dolandirici-,dolandirma-,oltalama-,sahte,tiklamayin,dikkat edin",
  bot: "hey bot,hi bot,hello bot,dear bot,ok bot,@bot,bot:,@gatehouse,gatehouse,bota sor-,selam bot,merhaba bot",
};

/** The place of a group in the automaton's counts. */
export const G = Object.fromEntries(GROUPS.map((group, index) => [group, index])) as Readonly<Record<Group, number>>;

export const words = createAutomaton(patterns(), GROUPS.length);

function patterns(): readonly Pattern[] {
  return GROUPS.flatMap((group) =>
    WORDS[group].split(",").map((entry): Pattern => {
      const fit = entry.endsWith("-") ? "stem" : entry.startsWith("*") ? "part" : "word";
      return { text: entry.replace(/^\*|[-*]$/g, ""), group: G[group], fit };
    }),
  );
}
