<#ftl output_format="plainText">
${msg("hello")},

${msg("addressTakenIntro")}

${msg("addressTakenYou")}
<#if loginUrl?has_content>

${msg("addressTakenLinkText")}
${loginUrl}
</#if>

${msg("addressTakenNotYou")}

--
${msg("automatic")}
