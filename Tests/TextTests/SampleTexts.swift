import Transcript

/// The same few sentences in every language, written for these tests.
enum SampleTexts {
    static let sentences: [Language: [String]] = [
        .english: [
            "The old lighthouse stood on a rock far out in the bay.",
            "Every evening the keeper climbed the stairs and lit the lamp.",
            "Nobody in the village knew how long he had lived there.",
            "When the storm came, three boats found their way home by his light.",
        ],
        .chinese: [
            "古老的灯塔矗立在海湾远处的一块礁石上。", "每天傍晚，守塔人都会爬上楼梯，点亮灯火。",
            "村里没有人知道他在那里住了多久。", "风暴来临时，三条船靠着他的灯光找到了回家的路。",
        ],
        .traditionalChinese: [
            "古老的燈塔矗立在海灣遠處的一塊礁石上。", "每天傍晚，守塔人都會爬上樓梯，點亮燈火。",
            "村裡沒有人知道他在那裡住了多久。", "風暴來臨時，三條船靠著他的燈光找到了回家的路。",
        ],
        .japanese: [
            "古い灯台は、湾のはるか沖の岩の上に立っていました。", "毎晩、灯台守は階段を上ってランプに火をともしました。",
            "彼がどれほど長くそこに住んでいるのか、村の誰も知りませんでした。", "嵐が来たとき、三艘の船が彼の明かりを頼りに家へ帰り着きました。",
        ],
        .korean: [
            "오래된 등대는 만에서 멀리 떨어진 바위 위에 서 있었습니다.", "저녁마다 등대지기는 계단을 올라가 등불을 켰습니다.",
            "그가 그곳에서 얼마나 오래 살았는지 마을 사람들은 아무도 몰랐습니다.", "폭풍이 왔을 때 배 세 척이 그의 불빛을 따라 집으로 돌아왔습니다.",
        ],
        .french: [
            "Le vieux phare se dressait sur un rocher, loin dans la baie.",
            "Chaque soir, le gardien montait l’escalier et allumait la lampe.",
            "Personne au village ne savait depuis combien de temps il vivait là.",
            "Quand la tempête arriva, trois bateaux retrouvèrent leur chemin grâce à sa lumière.",
        ],
        .german: [
            "Der alte Leuchtturm stand auf einem Felsen weit draußen in der Bucht.",
            "Jeden Abend stieg der Wärter die Treppe hinauf und zündete die Lampe an.",
            "Niemand im Dorf wusste, wie lange er schon dort lebte.",
            "Als der Sturm kam, fanden drei Boote durch sein Licht den Weg nach Hause.",
        ],
        .spanish: [
            "El viejo faro se alzaba sobre una roca, muy lejos en la bahía.",
            "Cada noche el farero subía la escalera y encendía la lámpara.",
            "Nadie en el pueblo sabía cuánto tiempo llevaba viviendo allí.",
            "Cuando llegó la tormenta, tres barcas encontraron el camino a casa gracias a su luz.",
        ],
        .italian: [
            "Il vecchio faro si ergeva su uno scoglio, lontano nella baia.",
            "Ogni sera il guardiano saliva le scale e accendeva la lampada.",
            "Nessuno nel villaggio sapeva da quanto tempo vivesse lì.",
            "Quando arrivò la tempesta, tre barche ritrovarono la via di casa grazie alla sua luce.",
        ],
        .russian: [
            "Старый маяк стоял на скале далеко в заливе.",
            "Каждый вечер смотритель поднимался по лестнице и зажигал лампу.",
            "Никто в деревне не знал, как давно он там живёт.",
            "Когда началась буря, три лодки нашли дорогу домой по его свету.",
        ],
        .portuguese: [
            "O velho farol ficava sobre uma rocha, bem longe na baía.",
            "Todas as noites o faroleiro subia a escada e acendia a lâmpada.",
            "Ninguém na aldeia sabia há quanto tempo ele vivia ali.",
            "Quando a tempestade chegou, três barcos encontraram o caminho de casa graças à sua luz.",
        ],
    ]

    /// The sentences of a language as one paragraph.
    static func paragraph(_ language: Language) -> String {
        sentences[language]!.joined(separator: language.hasNoSpaces ? "" : " ")
    }
}
