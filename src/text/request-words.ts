/**
 * What a request for help and the talk around it are made of, in English and Turkish: smart mode's words. Spelled as in
 * harm-words.ts: a trailing `-` is a stem, nothing a whole word or phrase.
 */
export const REQUEST_WORDS = {
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
  bot: "hey bot,hi bot,hello bot,dear bot,ok bot,@bot,bot:,@gatehouse,gatehouse,bota sor-,selam bot,merhaba bot",
} as const;
