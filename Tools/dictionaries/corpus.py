"""Sentences of everyday speech in every language, written for this project: what packages of texts know beforehand."""

CORPUS = {
    "en": """I don't know whether that is a good idea, but we could at least try it.
The government announced on Monday that taxes would be lowered next year.
There were more than three hundred people in the room, and all of them were talking.
She told me that she had lost her job because the company was moving to another country.
What do you think about it? It is difficult to say, because we have not seen the results yet.
Thank you very much for your attention, and let me know if you have any questions.
When I was a child, my parents used to take us to the mountains every summer.
The doctor said he should rest for a few days and drink a lot of water.
We are going to start with a short introduction, and then we will look at some examples.
It was one of the most important moments of my life, and I will never forget it.
Although the weather was bad, they decided to go on with their work.
Can you tell me how much this costs and where I can find the nearest station?
""",
    "fr": """Je ne sais pas si c'est une bonne idée, mais nous pourrions au moins essayer.
Le gouvernement a annoncé lundi que les impôts seraient réduits l'année prochaine.
Il y avait plus de trois cents personnes dans la salle, et toutes parlaient en même temps.
Elle m'a dit qu'elle avait perdu son travail parce que l'entreprise partait dans un autre pays.
Qu'est-ce que vous en pensez ? C'est difficile à dire, car nous n'avons pas encore vu les résultats.
Merci beaucoup pour votre attention, et dites-moi si vous avez des questions.
Quand j'étais enfant, mes parents nous emmenaient à la montagne tous les étés.
Le médecin a dit qu'il devait se reposer quelques jours et boire beaucoup d'eau.
Nous allons commencer par une courte introduction, puis nous verrons quelques exemples.
C'était l'un des moments les plus importants de ma vie, et je ne l'oublierai jamais.
Bien que le temps fût mauvais, ils ont décidé de continuer leur travail.
Pouvez-vous me dire combien cela coûte et où se trouve la gare la plus proche ?
""",
    "de": """Ich weiß nicht, ob das eine gute Idee ist, aber wir könnten es wenigstens versuchen.
Die Regierung hat am Montag angekündigt, dass die Steuern im nächsten Jahr gesenkt werden.
Es waren mehr als dreihundert Menschen im Raum, und alle redeten gleichzeitig.
Sie hat mir erzählt, dass sie ihre Arbeit verloren hat, weil die Firma in ein anderes Land zieht.
Was halten Sie davon? Das ist schwer zu sagen, denn wir haben die Ergebnisse noch nicht gesehen.
Vielen Dank für Ihre Aufmerksamkeit, und sagen Sie mir, wenn Sie Fragen haben.
Als ich ein Kind war, sind meine Eltern jeden Sommer mit uns in die Berge gefahren.
Der Arzt sagte, er solle sich ein paar Tage ausruhen und viel Wasser trinken.
Wir werden mit einer kurzen Einführung beginnen und uns dann einige Beispiele ansehen.
Es war einer der wichtigsten Augenblicke meines Lebens, und ich werde ihn nie vergessen.
Obwohl das Wetter schlecht war, haben sie beschlossen, mit ihrer Arbeit weiterzumachen.
Können Sie mir sagen, wie viel das kostet und wo ich den nächsten Bahnhof finde?
""",
    "es": """No sé si es una buena idea, pero por lo menos podríamos intentarlo.
El gobierno anunció el lunes que los impuestos bajarán el próximo año.
Había más de trescientas personas en la sala, y todas hablaban al mismo tiempo.
Ella me dijo que había perdido su trabajo porque la empresa se iba a otro país.
¿Qué piensa usted de eso? Es difícil decirlo, porque todavía no hemos visto los resultados.
Muchas gracias por su atención, y díganme si tienen alguna pregunta.
Cuando era niño, mis padres nos llevaban a la montaña todos los veranos.
El médico dijo que debía descansar unos días y beber mucha agua.
Vamos a empezar con una breve introducción y después veremos algunos ejemplos.
Fue uno de los momentos más importantes de mi vida y nunca lo olvidaré.
Aunque hacía mal tiempo, decidieron continuar con su trabajo.
¿Puede decirme cuánto cuesta esto y dónde está la estación más cercana?
""",
    "it": """Non so se sia una buona idea, ma potremmo almeno provarci.
Il governo ha annunciato lunedì che le tasse saranno ridotte il prossimo anno.
C'erano più di trecento persone nella sala, e tutte parlavano nello stesso momento.
Mi ha detto che aveva perso il lavoro perché l'azienda si trasferiva in un altro paese.
Che cosa ne pensa? È difficile da dire, perché non abbiamo ancora visto i risultati.
Grazie mille per la vostra attenzione, e ditemi se avete delle domande.
Quando ero bambino, i miei genitori ci portavano in montagna ogni estate.
Il medico ha detto che doveva riposare per qualche giorno e bere molta acqua.
Cominceremo con una breve introduzione e poi vedremo alcuni esempi.
È stato uno dei momenti più importanti della mia vita, e non lo dimenticherò mai.
Anche se il tempo era brutto, hanno deciso di continuare il loro lavoro.
Può dirmi quanto costa questo e dove si trova la stazione più vicina?
""",
    "pt": """Não sei se é uma boa ideia, mas poderíamos pelo menos tentar.
O governo anunciou na segunda-feira que os impostos serão reduzidos no próximo ano.
Havia mais de trezentas pessoas na sala, e todas falavam ao mesmo tempo.
Ela me disse que tinha perdido o emprego porque a empresa estava se mudando para outro país.
O que você acha disso? É difícil dizer, porque ainda não vimos os resultados.
Muito obrigado pela sua atenção, e me diga se tiver alguma pergunta.
Quando eu era criança, meus pais nos levavam para as montanhas todos os verões.
O médico disse que ele deveria descansar por alguns dias e beber muita água.
Vamos começar com uma breve introdução e depois veremos alguns exemplos.
Foi um dos momentos mais importantes da minha vida, e eu nunca vou esquecer.
Embora o tempo estivesse ruim, eles decidiram continuar com o seu trabalho.
Você pode me dizer quanto custa isto e onde fica a estação mais próxima?
""",
    "ru": """Я не знаю, хорошая ли это идея, но мы могли бы хотя бы попробовать.
В понедельник правительство объявило, что в следующем году налоги будут снижены.
В комнате было больше трёхсот человек, и все они говорили одновременно.
Она сказала мне, что потеряла работу, потому что компания переезжает в другую страну.
Что вы об этом думаете? Трудно сказать, потому что мы ещё не видели результатов.
Большое спасибо за внимание, и скажите мне, если у вас есть вопросы.
Когда я был ребёнком, родители каждое лето возили нас в горы.
Врач сказал, что ему нужно отдохнуть несколько дней и пить много воды.
Мы начнём с короткого введения, а затем посмотрим на некоторые примеры.
Это был один из самых важных моментов в моей жизни, и я никогда его не забуду.
Хотя погода была плохая, они решили продолжить свою работу.
Не могли бы вы сказать, сколько это стоит и где находится ближайшая станция?
""",
    "zh": """我不知道这是不是一个好主意，但是我们至少可以试一试。
政府星期一宣布，明年将降低税收。
房间里有三百多人，他们都在同时说话。
她告诉我，因为公司要搬到另一个国家，所以她失去了工作。
你觉得怎么样？这很难说，因为我们还没有看到结果。
非常感谢大家的关注，如果有什么问题，请告诉我。
我小时候，父母每年夏天都会带我们去山里。
医生说他应该休息几天，多喝水。
我们先做一个简短的介绍，然后再看一些例子。
那是我一生中最重要的时刻之一，我永远不会忘记。
虽然天气不好，但他们还是决定继续工作。
您能告诉我这个多少钱，最近的车站在哪里吗？
""",
    "zh-tw": """我不知道這是不是一個好主意，但是我們至少可以試一試。
政府星期一宣布，明年將降低稅收。
房間裡有三百多人，他們都在同時說話。
她告訴我，因為公司要搬到另一個國家，所以她失去了工作。
你覺得怎麼樣？這很難說，因為我們還沒有看到結果。
非常感謝大家的關注，如果有什麼問題，請告訴我。
我小時候，父母每年夏天都會帶我們去山裡。
醫生說他應該休息幾天，多喝水。
我們先做一個簡短的介紹，然後再看一些例子。
那是我一生中最重要的時刻之一，我永遠不會忘記。
雖然天氣不好，但他們還是決定繼續工作。
您能告訴我這個多少錢，最近的車站在哪裡嗎？
""",
    "ja": """それがいい考えかどうかは分かりませんが、少なくとも試してみることはできます。
政府は月曜日に、来年税金を引き下げると発表しました。
部屋には三百人以上の人がいて、みんなが同時に話していました。
会社が別の国に移るため、彼女は仕事を失ったと私に言いました。
あなたはどう思いますか。まだ結果を見ていないので、何とも言えません。
ご清聴ありがとうございました。質問があれば、教えてください。
私が子供のころ、両親は毎年夏に私たちを山へ連れて行ってくれました。
医者は、彼は数日休んで、水をたくさん飲むべきだと言いました。
まず短い紹介から始めて、それからいくつかの例を見てみましょう。
それは私の人生で最も大切な瞬間の一つで、決して忘れることはないでしょう。
天気が悪かったにもかかわらず、彼らは仕事を続けることにしました。
これはいくらですか。そして、一番近い駅はどこにありますか。
""",
    "ko": """그것이 좋은 생각인지는 모르겠지만, 적어도 시도해 볼 수는 있습니다.
정부는 월요일에 내년에 세금을 낮출 것이라고 발표했습니다.
방에는 삼백 명이 넘는 사람들이 있었고, 모두 동시에 말하고 있었습니다.
그녀는 회사가 다른 나라로 옮기기 때문에 일자리를 잃었다고 나에게 말했습니다.
어떻게 생각하십니까? 아직 결과를 보지 못했기 때문에 말하기 어렵습니다.
관심을 가져 주셔서 대단히 감사합니다. 질문이 있으면 알려 주세요.
내가 어렸을 때 부모님은 매년 여름 우리를 산으로 데려가셨습니다.
의사는 그가 며칠 동안 쉬고 물을 많이 마셔야 한다고 말했습니다.
짧은 소개로 시작한 다음 몇 가지 예를 살펴보겠습니다.
그것은 내 인생에서 가장 중요한 순간 중 하나였고, 나는 결코 잊지 않을 것입니다.
날씨가 좋지 않았지만 그들은 일을 계속하기로 했습니다.
이것이 얼마인지, 그리고 가장 가까운 역이 어디에 있는지 말씀해 주시겠습니까?
""",
}
