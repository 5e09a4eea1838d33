<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("passkeyRemovedIntro")}

${msg("passkeyRemovedNotYou")}

--
${msg("automatic")}
