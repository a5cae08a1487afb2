/** Countries whose nationality a person may have: ISO 3166-1 alpha-2 codes, and how Vietnamese people call them. */

/** Members of the United Nations, then Vatican, Palestine, Taiwan, Hong Kong, Macao, Kosovo. */
const CODES = (
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO ' +
  'CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ' +
  'ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG ' +
  'MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PT PW PY QA RO RS RU RW ' +
  'SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TZ UA UG US UY UZ VC VE ' +
  'VN VU WS YE ZA ZM ZW VA PS TW HK MO XK'
).split(' ');

const OTHERS: Readonly<Record<string, string>> = {
  VN: 'Việt, Viet Nam, Vietnam, Vietnamese, nước ta, Cộng hòa xã hội chủ nghĩa Việt Nam, CHXHCN Việt Nam',
  US: 'Mỹ, Mĩ, Hoa Kì, USA, American, America, United States, Hợp chủng quốc Hoa Kỳ',
  TW: 'Đài, Taiwan, Trung Quốc (Đài Loan), Đài Bắc',
  KR: 'Hàn, Nam Hàn, Nam Triều Tiên, Đại Hàn, Đại Hàn Dân Quốc, Korea, South Korea, Korean',
  KP: 'Bắc Hàn, Bắc Triều Tiên, North Korea',
  CN: 'Trung, Tàu, Trung Hoa, Trung Cộng, China, Chinese, Hoa lục',
  HK: 'Hồng Kông, Hương Cảng, Hong Kong, Hongkong',
  MO: 'Ma Cao, Macao, Macau',
  JP: 'Nhật, Nhựt, Nhựt Bổn, Japan, Japanese',
  GB: 'Anh, Anh quốc, nước Anh, UK, England, Vương quốc Anh, British, Liên hiệp Anh, Scotland',
  FR: 'Pháp quốc, France, French, Phú Lang Sa',
  DE: 'Cộng hòa Liên bang Đức, CHLB Đức, Germany, German',
  RU: 'Liên bang Nga, Russia, Liên Xô, Russian',
  AU: 'Ô-xtrây-li-a, Australia, Úc châu, Aussie',
  CA: 'Ca-na-đa, Gia Nã Đại, Canadian',
  KH: 'Cam-pu-chia, Căm-pu-chia, Campuchea, Cambodia, Cao Miên, Miên, Cam Bốt',
  LA: 'Ai Lao, Laos',
  TH: 'Thái, Thailand, Xiêm',
  SG: 'Xinh-ga-po, Sing, Singapo, Tân Gia Ba',
  MY: 'Ma-lai-xi-a, Mã Lai, Malai',
  PH: 'Phi-líp-pin, Phi Luật Tân, Philippin',
  ID: 'In-đô-nê-xi-a, Indo, Nam Dương',
  IN: 'India, Ấn',
  MM: 'Myanmar, Miến Điện, Mi-an-ma',
  CZ: 'Cộng hòa Séc, Tiệp, Tiệp Khắc, Czech',
  PL: 'Poland',
  CH: 'Thụy Sỹ, Switzerland',
  SE: 'Thuỵ Điển, Sweden',
  NL: 'Hòa Lan, Netherlands, Holland',
  IT: 'Ý, I-ta-li-a, Italia, Italian',
  ES: 'Spain',
  PT: 'Portugal',
  NZ: 'Niu Di-lân, Tân Tây Lan, Niu-di-lân',
  DK: 'Denmark',
  NO: 'Norway',
  FI: 'Finland',
  AT: 'Austria, Áo quốc',
  BE: 'Belgium',
  UA: 'U-crai-na, Ukraine, U-cờ-rai-na',
  HU: 'Hung-ga-ri, Hung',
  BG: 'Bun-ga-ri, Bungari',
  RO: 'Ru-ma-ni, Rumani',
  TR: 'Thổ, Turkey, Turkiye',
  ZA: 'South Africa',
  EG: 'Egypt',
  GR: 'Greece',
  IE: 'Ai-len, Ái Nhĩ Lan, Ailen',
  IL: 'Do Thái, I-xra-en',
  SA: 'Ả Rập Xê Út, Ả-rập Xê-út, Saudi Arabia, Ả Rập Saudi',
  AE: 'UAE, Các Tiểu vương quốc Ả Rập, Dubai, Tiểu vương quốc Ả Rập',
  BR: 'Bra-xin, Braxin, Ba Tây',
  MX: 'Mê-hi-cô, Mễ, Mễ Tây Cơ, Mexicô',
  CU: 'Cu-ba',
  AR: 'Ác-hen-ti-na',
  AO: 'Ăng-gô-la, Ăng gô la',
  NG: 'Ni-giê-ri-a',
  LB: 'Lebanon, Liban',
  IR: 'I-ran',
  IQ: 'I-rắc',
  PK: 'Pa-ki-xtan',
  NP: 'Nê-pan',
  KZ: 'Ka-dắc-xtan',
  BY: 'Bê-la-rút',
  PS: 'Pa-le-xtin, Palestine',
  VA: 'Va-ti-căng, Vatican, Tòa Thánh',
};

const inVietnamese = new Intl.DisplayNames('vi', { type: 'region' });
const inEnglish = new Intl.DisplayNames('en', { type: 'region' });

/** Hong Kong and Macao, whose full names nobody says. */
const SHORT: Readonly<Record<string, string>> = {
  HK: 'Hồng Kông',
  MO: 'Ma Cao',
  MM: 'Myanmar',
  PS: 'Palestine',
};

export const countryName = (code: string): string => SHORT[code] ?? inVietnamese.of(code) ?? code;

export interface Country {
  readonly code: string;
  /** The Vietnamese name first, then the English one, then others. */
  readonly names: readonly string[];
}

export const COUNTRIES: readonly Country[] = CODES.map((code) => ({
  code,
  names: [
    countryName(code),
    inVietnamese.of(code) ?? code,
    inEnglish.of(code) ?? code,
    ...(OTHERS[code]?.split(', ') ?? []),
  ],
}));

export const COUNTRY_CODES: ReadonlySet<string> = new Set(CODES);
