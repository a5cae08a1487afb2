/**
 * The 54 peoples of Vietnam: code and name as in the list of the General Statistics Office (Decision 121-TCTK/PPCĐ of
 * 2 March 1979), then other names and spellings in use; the names of branches stand with the people they belong to.
 */
const LIST = `
01 Kinh|Việt
02 Tày|Thổ Tày, Ngạn, Phén, Thù Lao, Pa Dí
03 Thái|Táy, Thái Trắng, Thái Đen, Tày Mười, Tày Thanh, Tày Khao, Tày Đăm
04 Hoa|Hán, Tàu, Triều Châu, Phúc Kiến, Quảng Đông, Hẹ, Tiều, Xạ Phạng, Hoa Kiều
05 Khơ-me|Khmer, Khơ-mer, Khơ Me, Khơme, Kho me, Miên, Việt gốc Miên, Krôm, Khmer Krom, Khơ-me Krôm
06 Mường|Mol, Mọi Bi, Ao Tá
07 Nùng|Nùng Xuồng, Nùng Giang, Nùng An, Nùng Phàn Slình, Nùng Inh
08 Mông|Hmông, Hơ Mông, H'Mông, H Mông, Hmong, H'mong, Mèo, Mẹo, Mông Trắng, Mông Hoa, Mông Xanh, Mông Đen
09 Dao|Mán, Dao Đỏ, Dao Tiền, Dao Quần Chẹt, Dao Thanh Y, Dao Quần Trắng, Động
10 Gia-rai|Gia Rai, Giarai, Gia Lai, Jrai, J'rai, Jarai, Chơ Rai, Tơ Buăn
11 Ngái|Đản, Sán Ngái
12 Ê-đê|Ê Đê, Êđê, Ede, Ra Đê, Rhadé, Rađê, Kpă, Bih, Mđhur
13 Ba-na|Ba Na, Bana, Bahnar, Ba-nar, Bơ Nâm, Rơ Ngao, Gơ Lar, Tơ Lô
14 Xơ-đăng|Xơ Đăng, Xê Đăng, Xê-đăng, Sê Đăng, Xơđăng, Sedang, Ca Dong, Cà Dong, Hà Lăng, Mơ Nâm, Tơ Đrá
15 Sán Chay|Cao Lan, Sán Chỉ, Cao Lan - Sán Chỉ, Mán Cao Lan, Hờn Bạn
16 Cơ-ho|Cơ Ho, Cơho, K'Ho, Kơ Ho, Cờ Ho, Koho, Kờ Ho, Xrê, Chil, Cil, Nốp, Lạch
17 Chăm|Chàm, Chiêm Thành, Hroi, Chăm Hroi, Chăm Bà Ni
18 Sán Dìu|Sán Déo, Trại, Quần Cộc
19 Hrê|H'rê, H're, Hre, Chăm Rê, Chom
20 Mnông|M'nông, Mơ Nông, M'nong, Mnong, Nông, Gar, Preh
21 Ra-glai|Raglai, Raglay, Ra Glai, Ra-giai, Rai, Roglai, Noang
22 Xtiêng|Stiêng, S'tiêng, X'tiêng, Xa Điêng, Stieng
23 Bru-Vân Kiều|Bru, Vân Kiều, Bru Vân Kiều, Trì, Khùa, Ma-coong, Ma Coong
24 Thổ|Kẹo, Mọn, Cuối, Đan Lai, Ly Hà, Tày Poọng
25 Giáy|Nhắng, Dẩng, Pầu Thìn, Pu Nà
26 Cơ-tu|Cơ Tu, Cơtu, Ca Tu, Ka Tu, Katu, K'tu, Ca-tu
27 Gié-Triêng|Gié Triêng, Giẻ Triêng, Giẻ-Triêng, Gié, Triêng, Giẻ, Tà Riềng, Ve, Bnoong, Bơ Noong
28 Mạ|Châu Mạ, Mạ Ngăn, Mạ Xốp, Mạ Tô, Mạ Krung
29 Khơ-mú|Khơ Mú, Khơmú, Xá Cẩu, Mứn Xen, Tày Hạy, Khmu
30 Co|Cor, Cùa, Kor, Cua
31 Ta-ôi|Ta Ôi, Tà Ôi, Tà-ôi, Taôi, Tôi Ôi, Pa Cô, Pa Kô, Pa Co, Pacô, Pa Hi
32 Chơ-ro|Chơ Ro, Châu Ro, Châu-ro, Chơro, Dơ Ro, Chrau
33 Kháng|Xá Khao, Xá Súa, Xá Dón, Quảng Lâm
34 Xinh-mun|Xinh Mun, Xinhmun, Puộc, Pụa
35 Hà Nhì|U Ní, Xá U Ní, Hà Nhì Đen
36 Chu-ru|Chu Ru, Churu, Chơ-ru, Chru
37 Lào|Lào Bốc, Lào Nọi, Lao
38 La Chi|La Chí, Cù Tê, La Quả
39 La Ha|Xá Khắc, Phlắc, Khlá
40 Phù Lá|Phu La, Xá Phó, Mù Dí Pạ, Bồ Khô Pạ
41 La Hủ|Lahu, Khù Sung, Xá Lá Vàng, Cò Xung
42 Lự|Lừ, Nhuồn, Lu
43 Lô Lô|Lo Lo, Mun Di
44 Chứt|Sách, Mày, Rục, Mã Liềng, A Rem, Tu Vang
45 Mảng|Mảng Ư, Xá Lá Vàng Mảng
46 Pà Thẻn|Pà Hưng, Tống, Pa Then
47 Cơ Lao|Cơ-lao, Cờ Lao, Cơlao, Ke Lao
48 Cống|Xắm Khống, Mấng Nhé, Xá Xeng
49 Bố Y|Chủng Chá, Trọng Gia, Tu Dí
50 Si La|Cù Dề Xừ, Khả Pẻ, Sila
51 Pu Péo|Ka Beo, Pen Ti Lô Lô, Pu Peo
52 Brâu|Brao, B'râu
53 Ơ-đu|Ơ Đu, Ơđu, Tày Hạt, O Du
54 Rơ-măm|Rơ Măm, Rơmăm, Ro Mam
`;

export interface Ethnicity {
  /** Two digits, as state forms code it. */
  readonly code: string;
  readonly name: string;
  readonly others: readonly string[];
}

export const ETHNICITIES: readonly Ethnicity[] = LIST.trim()
  .split('\n')
  .map((line) => {
    const [head = '', others = ''] = line.split('|');
    return { code: head.slice(0, 2), name: head.slice(3), others: others.split(', ') };
  });
