<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("passkeyAddedIntro")}

${msg("passkeyAddedLabel")} ${passkeyLabel}

${msg("passkeyAddedYou")}

${msg("disputeQuestion")} ${msg("disputeText")}

${msg("disputeLinkText")}
${disputeLink}

--
${msg("automatic")}
