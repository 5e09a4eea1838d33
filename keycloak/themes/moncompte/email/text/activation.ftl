<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("activationIntro")}

${msg("agencyLabel")} ${agencyName}
${msg("identifierLabel")} ${identifier}

${msg("activationLinkText")}
${link}

${msg("activationLifetime", linkHours)} ${msg("activationOther")}

${msg("activationNotYou")}

--
${msg("automatic")}
