<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("activationByMailIntro")}

${msg("agencyLabel")} ${agencyName}

${msg("activationByMailLinkText")}
${link}

${msg("activationByMailLifetime", linkHours)}

${msg("activationByMailNotYou")}

--
${msg("automatic")}
