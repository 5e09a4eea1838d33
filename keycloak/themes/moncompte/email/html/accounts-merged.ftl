<#import "template.ftl" as layout>
<@layout.emailLayout>
<@layout.hello name=ownerName!""/>
<@layout.paragraph>${msg("accountsMergedIntro")}</@layout.paragraph>
<@layout.fact label=msg("accountsMergedGone") value=goneAddress/>
<@layout.fact label=msg("accountsMergedKept") value=keptAddress/>
<#if contracts?has_content>
<@layout.paragraph>${msg("mergedContracts")}<#list contracts as contract><br><strong>${contract.reference}</strong> (${contract.role})<#if contract.address?has_content> - ${contract.address}</#if></#list></@layout.paragraph>
</#if>
<@layout.paragraph>${msg("accountsMergedYou")}</@layout.paragraph>
<@layout.dispute href=disputeLink/>
</@layout.emailLayout>
