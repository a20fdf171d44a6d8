"""Names of persons in Latin letters: what a user name is made of."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from foundation.folding import fold, standard

#: Surnames that are read otherwise than the character mostly is. Others the library reads as surnames are read.
SURNAMES = {
    surname: reading
    for entry in (
        "单 shan,曾 zeng,仇 qiu,解 xie,查 zha,朴 piao,翟 zhai,区 ou,盖 ge,召 shao,种 chong,覃 qin,折 she,员 yun,缪 miao,"
        "繁 po,秘 bi,乐 yue,谌 chen,郇 xun,佴 nai,黑 he,祭 zhai,隗 wei,莘 shen,阚 kan,适 kuo,卜 bu,句 gou,贲 ben,都 du,"
        "能 nai,薄 bo,会 gui,炅 gui,乜 nie,洗 xian,朝 chao,晟 cheng,於 yu,撒 sa,宓 mi,逄 pang,冼 xian,尉 wei,任 ren,华 hua,"
        "纪 ji,燕 yan,费 fei,相 xiang,应 ying,宁 ning,那 na,瞿 qu,訾 zi,褚 chu,车 che,牟 mu,曲 qu,盛 sheng,石 shi,贾 jia,"
        "郗 xi,郄 qie,重 chong,行 xing,参 shen,葛 ge,柏 bai,哈 ha,麴 qu,"
        "万俟 moqi,尉迟 yuchi,长孙 zhangsun,澹台 tantai,令狐 linghu,单于 chanyu,夏侯 xiahou,皇甫 huangfu,鲜于 xianyu,"
        "亓官 qiguan,宰父 zaifu,濮阳 puyang,欧阳 ouyang,司马 sima,上官 shangguan,诸葛 zhuge,呼延 huyan,慕容 murong,"
        "宇文 yuwen,拓跋 tuoba,独孤 dugu,申屠 shentu,仲孙 zhongsun,闻人 wenren,钟离 zhongli,司徒 situ,司空 sikong,"
        "赫连 helian,百里 baili,南宫 nangong,东郭 dongguo,公冶 gongye,宗政 zongzheng,淳于 chunyu,太叔 taishu,太史 taishi,"
        "轩辕 xuanyuan,左丘 zuoqiu,叱干 chigan,哥舒 geshu,贺兰 helan,完颜 wanyan,公孙 gongsun,东方 dongfang,西门 ximen,"
        "端木 duanmu"
    ).split(",")
    for surname, reading in (entry.split(),)
}
_LONGEST = max(map(len, SURNAMES))

validate_username = RegexValidator(
    r"\A[A-Za-z0-9@.+_-]+\Z", _("用户名只能用英文字母、数字和 @ . + - _，不能有空格和汉字。请改写，例如姓名的拼音。")
)


def _read(text: str) -> str:
    # Its readings cost each process a quarter of a second and 56 MB; most never ask for one.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return "".join(lazy_pinyin(text))


def latin_name(full_name: str) -> str:
    """A name in small ASCII letters and digits: 单小雨 → shanxiaoyu, 阿卜杜拉·买买提 → abudulamaimaiti. Characters nobody
    can type are left out; of a name that consists of them nothing is left."""
    name = "".join(fold(standard(full_name)).split("·"))
    length = next((size for size in range(_LONGEST, 0, -1) if name[:size] in SURNAMES), 0)
    # A name written with a dot has no surname in front.
    if length and "·" not in fold(full_name):
        read = SURNAMES[name[:length]] + _read(name[length:])
    else:
        read = _read(name)
    return "".join(letter for letter in read.lower() if letter.isascii() and letter.isalnum())


def without_reading(full_name: str) -> str:
    """The letters and characters of a name that ``latin_name`` has to leave out, because nobody told how they are read."""
    letters = "".join(fold(standard(full_name)).split("·"))
    return "".join(
        letter
        for letter in letters
        if letter.isalpha() and not letter.isascii() and not any(map(str.isascii, _read(letter)))
    )
