<#ftl output_format="plainText">
${msg("hello")},

${msg("activationAddressTakenIntro")}

${msg("agencyLabel")} ${agencyName}

${msg("activationAddressTakenYou")}

<#if loginUrl?has_content>
${msg("activationAddressTakenLinkText")}
${loginUrl}

</#if>
${msg("activationAddressTakenNotYou")}

--
${msg("automatic")}
