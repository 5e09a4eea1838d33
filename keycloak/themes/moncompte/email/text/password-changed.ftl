<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("passwordChangedIntro")}

${msg("passwordChangedYou")}

${msg("disputeQuestion")} ${msg("disputeText")}

${msg("disputeLinkText")}
${disputeLink}

--
${msg("automatic")}
