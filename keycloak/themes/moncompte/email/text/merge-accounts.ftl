<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("mergeAccountsIntro")}

${msg("mergeAccountsGoes")} ${goneAddress}
${msg("mergeAccountsStays")} ${keptAddress}

${msg("mergeAccountsLinkText")}
${link}

${msg("activationLifetime", linkHours)}

${msg("mergeAccountsNotYou")}

--
${msg("automatic")}
