/** "愛 爱|…": a traditional character and the simplified ones it becomes, the commonest first. */
declare module "opencc-js/dict/TSCharacters" {
  const pairs: string;
  export default pairs;
}
