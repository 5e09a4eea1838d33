<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("lockedIntro")}

${msg("lockedEnd", minutes)}

${msg("lockedYou")}
<#if loginUrl?has_content>

${msg("lockedLinkText")}
${loginUrl}
</#if>

${msg("lockedNotYou")}

--
${msg("automatic")}
